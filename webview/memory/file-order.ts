/** Filters and sorts the files of the list. */

import type { FileShare } from '../../extension/protocol/file-share.ts';

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
  const words = filter.toLowerCase().split(/\s+/u).filter(Boolean);
  const sign = descending ? -1 : 1;
  return files
    .filter(({ path }) => {
      const lower = path.toLowerCase();
      return words.every((word) => lower.includes(word));
    })
    .sort((a, b) => sign * compare(a, b, key) || comparePaths(a, b));
}

function compare(a: FileShare, b: FileShare, key: SortKey): number {
  switch (key) {
    case 'path':
      return comparePaths(a, b);
    case 'tokens':
      return a.tokens - b.tokens;
    case 'held':
      return a.kept - b.kept;
  }
}

const collator = new Intl.Collator('en', { numeric: true });

function comparePaths(a: FileShare, b: FileShare): number {
  return collator.compare(a.path, b.path);
}
