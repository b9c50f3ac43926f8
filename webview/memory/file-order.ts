/** Filters and sorts the files of the list. */

import type { FileShare } from '../../extension/protocol/file-share.ts';
import { comparePaths, pathFilter } from '../common/path-filter.ts';

export const sortKeys = ['path', 'tokens', 'held'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface SortOrder {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** Returns the order after a click on a column: reversed, or the natural order of a new column. */
export function nextOrder(order: SortOrder, key: SortKey): SortOrder {
  if (order.key === key) return { key, descending: !order.descending };
  return { key, descending: key !== 'path' };
}

/**
 * Returns the files whose path contains every word of the filter, sorted; ties are sorted by path.
 * @param filter words; case is ignored
 */
export function arrangeFiles(
  files: readonly FileShare[],
  filter: string,
  { key, descending }: SortOrder,
): FileShare[] {
  const matches = pathFilter(filter);
  const sign = descending ? -1 : 1;
  return files
    .filter(({ path }) => matches(path))
    .sort((a, b) => sign * compare(a, b, key) || comparePaths(a.path, b.path));
}

function compare(a: FileShare, b: FileShare, key: SortKey): number {
  switch (key) {
    case 'path':
      return comparePaths(a.path, b.path);
    case 'tokens':
      return a.tokens - b.tokens;
    case 'held':
      return a.kept - b.kept;
  }
}
