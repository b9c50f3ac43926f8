/** Paths from outside, as a listing names them. */

import { isAbsolute, sep } from 'node:path';
import type { Listing } from './listing.ts';

/**
 * The listed files at absolute paths, in the order of these and each once. A path in another case or Unicode
 * form means the file that alone is written so but for these. What is not listed is left out: another
 * folder's files, what is ignored, and what makes no sense.
 */
export function listedPaths(
  { roots, files }: Pick<Listing, 'roots' | 'files'>,
  absolute: readonly string[],
): string[] {
  if (absolute.length === 0) return [];
  const exact = new Map<string, string>();
  const folded = new Map<string, Set<string>>();
  const take = (place: string, path: string): void => {
    exact.set(place, path);
    const key = fold(place);
    folded.set(key, (folded.get(key) ?? new Set()).add(path));
  };
  const rootOf = new Map(roots.map(({ name, path }) => [name, path]));
  for (const { path, absolutePath } of files) {
    const name = roots.length > 1 ? path.slice(0, path.indexOf('/')) : '';
    const inside = roots.length > 1 ? path.slice(name.length + 1) : path;
    const root = slashed(rootOf.get(name) ?? '').replace(/\/$/u, '');
    take(`${root}/${inside}`, path);
    // The root may be reached through a link.
    take(slashed(absolutePath), path);
  }
  const found = absolute.filter(isAbsolute).flatMap((each) => {
    const path = exact.get(slashed(each));
    if (path !== undefined) return [path];
    const alike = [...(folded.get(fold(slashed(each))) ?? [])];
    return alike.length === 1 ? alike : [];
  });
  return [...new Set(found)];
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
