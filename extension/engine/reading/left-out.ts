/** What the user leaves out by now, which may be more than when a reading began. */

import type { StatedPatterns } from '../../protocol/stated-patterns.ts';
import type { NamedRoot } from '../../repository/files/named-root.ts';
import { statedPaths } from '../../repository/files/stated-rules.ts';

/** Of one engine: asked for each file as a reading comes to it. */
export class LeftOut {
  #patterns: StatedPatterns = [];
  #known: {
    readonly roots: readonly NamedRoot[];
    readonly matches: (path: string) => boolean;
  } | null = null;

  /** From now on these. */
  set patterns(patterns: StatedPatterns) {
    this.#patterns = patterns;
    this.#known = null;
  }

  /** Whether a file is left out. @param roots those of the listing that its path is of */
  has(path: string, roots: readonly NamedRoot[]): boolean {
    if (this.#known?.roots !== roots) {
      this.#known = { roots, matches: statedPaths(this.#patterns, roots) };
    }
    return this.#known.matches(path);
  }
}
