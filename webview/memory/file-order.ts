/** Which files the list shows, in which order. */

import type { FileShare } from '../../extension/protocol/file-share.ts';
import { comparePaths, pathFilter } from '../common/path-filter.ts';

export const sortKeys = ['path', 'tokens', 'held'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface SortOrder {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** The order after a click on a column: the other way round, or that column's natural way. */
export function nextOrder(order: SortOrder, key: SortKey): SortOrder {
  if (order.key === key) return { key, descending: !order.descending };
  return { key, descending: key !== 'path' };
}

/**
 * The files whose path holds every word of the filter, sorted; equal ones by path.
 * @param filter words, upper and lower case alike
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
