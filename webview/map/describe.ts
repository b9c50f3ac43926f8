/** What the map says of a file or folder, in exact numbers. */

import { counted, fullCount, percent } from '../../extension/report/format.ts';
import { keptShare } from './file-tree.ts';
import type { FolderNode, MapNode } from './file-tree.ts';

/** What it is, for those who do not see where it stands. */
export function nameOf(node: MapNode): string {
  return node.kind === 'file' ? `${node.path}, file` : `${titleOf(node)}, folder`;
}

/** The path of a folder; of the root, what it is. */
export function titleOf({ path, kind }: Pick<MapNode, 'path' | 'kind'>): string {
  return path === '' && kind === 'folder' ? 'All files' : path;
}

/** Its numbers, one statement each. */
export function factsOf(node: MapNode): string[] {
  return [
    ...(node.kind === 'folder' ? [counted(node.files, 'file')] : []),
    counted(node.tokens, 'token'),
    `${percent(keptShare(node))} remembered (${counted(Math.round(node.held), 'token')})`,
    ...(node.lines > 0 ? [counted(node.lines, 'line')] : []),
    ...(node.kind === 'file' && node.pinned ? ['pinned'] : []),
    ...changesOf(node),
    ...attentionOf(node),
  ];
}

/** All of it as a line of text. */
export function lineOf(node: MapNode): string {
  return `${titleOf(node)}: ${factsOf(node).join(', ')}`;
}

function changesOf(node: MapNode): string[] {
  if (node.kind === 'file') return node.changed ? ['changed since it was read'] : [];
  const { changedFiles } = node;
  return changedFiles === 0 ? [] : [`${counted(changedFiles, 'file')} changed since reading`];
}

function attentionOf(node: MapNode): string[] {
  if (node.rank === null) return [];
  if (node.kind === 'folder') return [`holds number ${fullCount(node.rank)} by attention`];
  return [
    `number ${fullCount(node.rank)} by attention of the last question (${percent(node.attended)})`,
  ];
}

/** How many files of a folder a search finds. */
export function foundText(found: number, { files }: FolderNode): string {
  return `${fullCount(found)} of ${counted(files, 'file')} found`;
}
