/** Renames the paths of a repository, and the imports that refer to them. */
import type { Files } from '../repositories/sources.ts';
import { replaceWords } from './words.ts';

/** Parts of paths with a fixed meaning. */
const fixed: ReadonlySet<string> = new Set(
  'index main src lib test package __init__ __main__ js cjs mjs jsx ts cts mts tsx py json'.split(
    ' ',
  ),
);

/** The parts of a path that may change. */
export function pathSegments(path: string): string[] {
  return path.split(/[/.]/u).filter((part) => part !== '' && !fixed.has(part));
}

/**
 * Renames a path, or a quoted import path. Dots, slashes and extensions stay.
 * @param kept names that stay, where parts of paths are names (Python)
 */
export function replacePath(
  path: string,
  words: ReadonlyMap<string, string>,
  kept: ReadonlySet<string>,
): string {
  return path.replaceAll(/[^/.'"]+/gu, (part) =>
    fixed.has(part) || kept.has(part) ? part : replaceWords(part, words),
  );
}

/** Whether a JavaScript import refers to a file of the package with that name. */
export function isOwnSpecifier(specifier: string, name: string): boolean {
  return (
    /^\.\.?(?:\/|$)/u.test(specifier) || specifier === name || specifier.startsWith(`${name}/`)
  );
}

/** Whether a Python import refers to a file of the repository. */
export function isOwnModule(module: string, files: Files): boolean {
  if (module.startsWith('.')) return true;
  const [top = ''] = module.split('.');
  return [...files.keys()].some((path) => path === `${top}.py` || path.startsWith(`${top}/`));
}
