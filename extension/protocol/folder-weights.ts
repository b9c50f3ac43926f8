/** Which folders a repository's tokens lie in. */

import { z } from 'zod';
import { count } from './fields.ts';
import type { Immutable } from './message.ts';

/** A folder directly under a root, and what it weighs with everything in it. */
export const folderWeightSchema = z.object({
  path: z.string(),
  tokens: count,
});
export type FolderWeight = Immutable<z.infer<typeof folderWeightSchema>>;

const mostFolders = 3;

/**
 * The largest folders directly under the roots.
 * @param files paths with forward slashes
 */
export function largestFolders(
  files: readonly { readonly path: string; readonly tokens: number }[],
): FolderWeight[] {
  const weights = new Map<string, number>();
  for (const { path, tokens } of files) {
    const slash = path.indexOf('/');
    if (slash < 0) continue;
    const folder = path.slice(0, slash + 1);
    weights.set(folder, (weights.get(folder) ?? 0) + tokens);
  }
  return [...weights]
    .map(([path, tokens]) => ({ path, tokens: Math.round(tokens) }))
    .sort((a, b) => b.tokens - a.tokens)
    .slice(0, mostFolders);
}
