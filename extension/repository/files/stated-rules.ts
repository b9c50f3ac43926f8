/** The user's patterns as rules for one root. */

import { resolve } from 'node:path';
import type { StatedPatterns } from '../../protocol/stated-patterns.ts';
import { type BytePath, toBytePath } from '../disk/byte-path.ts';
import { IgnoreRules } from '../git/ignore-rules.ts';
import { foldsCase } from '../git/repository-scope.ts';
import type { NamedRoot } from './named-root.ts';

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

/**
 * Says of a listing's paths whether patterns match them, or a folder that they are in.
 * @param roots those of the listing
 */
export function statedPaths(
  stated: StatedPatterns,
  roots: readonly NamedRoot[],
): (path: string) => boolean {
  if (stated.every(({ patterns }) => patterns.length === 0)) return () => false;
  const rules = new Map(roots.map(({ name, path }) => [name, statedRules(stated, path)]));
  return (path) => {
    const name = rules.has('') ? '' : path.slice(0, path.indexOf('/'));
    const of = rules.get(name);
    const inside = name === '' ? path : path.slice(name.length + 1);
    return of !== undefined && isStated(of, toBytePath(inside));
  };
}
