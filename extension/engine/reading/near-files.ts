/** The files that the user works on, and those that they import: they are read before most others. */

import { setImmediate } from 'node:timers/promises';
import { importedFiles } from '../../repository/recall/imported-files.ts';
import { PathResolver } from '../../repository/recall/path-resolver.ts';
import { listedPaths } from '../../repository/files/listed-paths.ts';
import type { Listing } from '../../repository/files/listing.ts';
import { inReadingOrder } from '../../repository/files/order.ts';
import { readText } from '../../repository/files/read.ts';

/** The imports of more open files are not looked for. */
const mostLookedInto = 32;
const mostImported = 256;

/**
 * Finds the listed files among those that the user works on, in this order, and behind them what they
 * import, one step far.
 * @param open absolute paths; what is not listed does not matter
 * @returns paths as in the listing, each once
 * @throws the signal's reason
 */
export async function nearFiles(
  listing: Listing,
  open: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const paths = listedPaths(listing, open);
  if (paths.length === 0) return [];
  const imported = new Set<string>();
  const files = new Map(listing.files.map((file) => [file.path, file]));
  const resolver = new PathResolver(files.keys(), listing.roots);
  for (const path of paths.slice(0, mostLookedInto)) {
    const file = files.get(path);
    const read = file === undefined ? null : await readText(file, { signal });
    if (read?.ok !== true) continue;
    for (const found of importedFiles(path, read.text, resolver)) {
      if (imported.size < mostImported) imported.add(found);
    }
    await setImmediate();
  }
  return [...new Set([...paths, ...imported])];
}

/** A listing in reading order for who works on these files. @param near paths as in the listing */
export function orderedFor(listing: Listing, near: readonly string[]): Listing {
  return { ...listing, files: inReadingOrder(listing.files, listing.roots, near) };
}
