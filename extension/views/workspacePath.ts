/** From a path as the engine writes it to a file of the workspace, and to nothing else. */

import { realpath } from 'node:fs/promises';
import path from 'node:path';

/** Where a path may lie: several when roots share a name. */
export function candidates(file: string, roots: readonly string[]): string[] {
  if (path.posix.isAbsolute(file) || path.win32.isAbsolute(file)) return [];
  const segments = file.split('/');
  if (segments.some((segment) => segment === '..' || segment.includes('\\'))) return [];
  const [first, ...rest] = segments;
  // With several roots a path starts with the name of its root's folder.
  if (roots.length === 1) return roots.map((root) => path.join(root, ...segments));
  return roots
    .filter((root) => path.basename(root) === first && rest.length > 0)
    .map((root) => path.join(root, ...rest));
}

/**
 * The real path of a file that lies inside a root, symbolic links followed.
 * @returns null where there is none, or where a link leads out of the root
 */
export async function resolveInside(
  file: string,
  roots: readonly string[],
): Promise<string | null> {
  for (const candidate of candidates(file, roots)) {
    for (const root of roots) {
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
