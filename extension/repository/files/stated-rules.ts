/** The user's patterns as rules for one root. */

import { resolve } from 'node:path';
import type { StatedPatterns } from '../../protocol/stated-patterns.ts';
import { type BytePath, toBytePath } from '../disk/byte-path.ts';
import { IgnoreRules } from '../git/ignore-rules.ts';
import { foldsCase } from '../git/repository-scope.ts';

/**
 * The rules of the patterns that are stated for a root, matched as lines of a `.gitignore` in it.
 * @param root as it was given
 */
export function statedRules(stated: StatedPatterns, root: string): IgnoreRules {
  const lines = stated
    .filter((of) => of.root === null || resolve(of.root) === root)
    .flatMap(({ patterns }) => patterns);
  return IgnoreRules.none(foldsCase).extend('', toBytePath(lines.join('\n')));
}

/** Whether rules match a file, or a folder that it is in: then the folder decides. */
export function isStated(rules: IgnoreRules, path: BytePath): boolean {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    if (rules.verdict(path.slice(0, slash), true) === true) return true;
  }
  return rules.verdict(path, false) === true;
}
