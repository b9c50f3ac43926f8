import { basename, resolve } from 'node:path';
import type { NamedRoot } from './named-root.ts';

/** A root and its real path. */
export interface ResolvedRoot extends NamedRoot {
  /** The path with symbolic links resolved. */
  readonly realPath: string;
}

/**
 * Names the roots, keeping each folder once. A name is the last segment of the user's path; if
 * several share it, a number is added that makes it unique. A single root has the name ''.
 * @param realPaths of the roots, in the same order
 */
export function nameRoots(roots: readonly string[], realPaths: readonly string[]): ResolvedRoot[] {
  const unique = new Map<string, string>();
  for (const [index, realPath] of realPaths.entries()) {
    if (!unique.has(realPath)) unique.set(realPath, resolve(roots[index] ?? realPath));
  }
  const given = [...unique].map(([realPath, path]) => ({ realPath, path, base: baseOf(path) }));
  if (given.length === 1) return given.map(({ realPath, path }) => ({ name: '', path, realPath }));
  const reserved = new Set(given.map(({ base }) => base));
  const taken = new Set<string>();
  return given.map(({ realPath, path, base }) => {
    let name = base;
    for (let count = 2; taken.has(name) || (name !== base && reserved.has(name)); count++) {
      name = `${base}-${String(count)}`;
    }
    taken.add(name);
    return { name, path, realPath };
  });
}

/** The root of a file system has no name of its own. */
function baseOf(path: string): string {
  return basename(path) === '' ? 'root' : basename(path);
}
