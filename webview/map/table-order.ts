/** The files of the table, in the order of one of its columns. */

import { comparePaths } from '../common/path-filter.ts';
import { keptShare } from './file-tree.ts';
import type { FileNode, FolderNode } from './file-tree.ts';

export const columnKeys = [
  'path',
  'tokens',
  'held',
  'share',
  'lines',
  'changed',
  'attended',
] as const;
export type ColumnKey = (typeof columnKeys)[number];

export interface TableOrder {
  readonly key: ColumnKey;
  readonly descending: boolean;
}

/** The files of a folder and of all folders in it. */
export function filesOf(folder: FolderNode): FileNode[] {
  const files: FileNode[] = [];
  const visit = ({ children }: FolderNode): void => {
    for (const child of children) {
      if (child.kind === 'file') files.push(child);
      else visit(child);
    }
  };
  visit(folder);
  return files;
}

/** The order after a click on a column: the other way round, or that column's natural way. */
export function nextTableOrder(order: TableOrder, key: ColumnKey): TableOrder {
  return order.key === key
    ? { key, descending: !order.descending }
    : { key, descending: key !== 'path' };
}

/** Sorted files; equal ones by their paths. */
export function sortFiles(files: readonly FileNode[], { key, descending }: TableOrder): FileNode[] {
  const sign = descending ? -1 : 1;
  const value = valueOf(key);
  return files.toSorted((a, b) => {
    const apart = value === null ? comparePaths(a.path, b.path) : value(a) - value(b);
    return sign * apart || comparePaths(a.path, b.path);
  });
}

/** What a column is sorted by; null: by the path. */
function valueOf(key: ColumnKey): ((file: FileNode) => number) | null {
  switch (key) {
    case 'path':
      return null;
    case 'share':
      return keptShare;
    case 'changed':
      return ({ changed }) => Number(changed);
    default:
      return (file) => file[key];
  }
}
