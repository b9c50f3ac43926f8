/** Resolves the engine's paths to files of the workspace, and to nothing else. */

import { realpath } from 'node:fs/promises';
import path from 'node:path';

/** A folder that was read, as in `OpenResult.roots`. */
export interface Root {
  /** The prefix of its paths; '' if there is only one root. */
  readonly name: string;
  readonly path: string;
}

/**
 * Returns the files that a path may mean: in the root with its prefix; none if it leads elsewhere.
 */
export function candidates(file: string, roots: readonly Root[]): string[] {
  if (path.posix.isAbsolute(file) || path.win32.isAbsolute(file)) return [];
  const segments = file.split('/');
  if (segments.some((segment) => segment === '..')) return [];
  if (path.sep === '\\' && file.includes('\\')) return [];
  const [first, ...rest] = segments;
  return roots.flatMap(({ name, path: root }) => {
    if (name === '') return [path.join(root, ...segments)];
    return name === first && rest.length > 0 ? [path.join(root, ...rest)] : [];
  });
}

/**
 * Returns the engine's path of a file; the innermost root wins.
 * @param file absolute
 * @returns null if it is in no root
 */
export function pathInRoots(file: string, roots: readonly Root[]): string | null {
  let best: { readonly length: number; readonly path: string } | null = null;
  for (const { name, path: root } of roots) {
    const relative = path.relative(root, file);
    const outside = relative.split(path.sep)[0] === '..' || path.isAbsolute(relative);
    if (relative === '' || outside || (best !== null && best.length >= root.length)) continue;
    const inside = relative.split(path.sep).join('/');
    best = { length: root.length, path: name === '' ? inside : `${name}/${inside}` };
  }
  return best?.path ?? null;
}

/**
 * Returns a file if it is really inside a root, with the root's name as given.
 * @returns null if there is no such file or a link leads out of the root
 */
export async function resolveInside(file: string, roots: readonly Root[]): Promise<string | null> {
  for (const candidate of candidates(file, roots)) {
    for (const { path: root } of roots) {
      const [realFile, realRoot] = await Promise.all([real(candidate), real(root)]);
      if (realFile === null || realRoot === null) continue;
      const relative = path.relative(realRoot, realFile);
      const outside = relative.split(path.sep)[0] === '..' || path.isAbsolute(relative);
      if (relative !== '' && !outside) return candidate;
    }
  }
  return null;
}

async function real(file: string): Promise<string | null> {
  try {
    return await realpath(file);
  } catch {
    return null;
  }
}
