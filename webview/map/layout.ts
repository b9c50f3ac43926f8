/** Where each file and folder stands on the map: nested, without overlaps, areas as their tokens. */

import type { FolderNode, MapNode } from './file-tree.ts';
import { squarify } from './squarify.ts';
import type { Rectangle } from './squarify.ts';

/** Lengths in CSS pixels. */
export const measures = {
  /** The line with a folder's name. */
  header: 18,
  /** Around what a folder holds. */
  padding: 2,
  /** A folder that is smaller has no line with its name: it is one thing, with its files as texture. */
  named: { width: 56, height: 42 },
  /** A folder that is smaller is drawn as one tile. */
  open: 14,
  /** What is thinner can be seen, but neither pointed at nor moved to. */
  smallest: 2,
} as const;

export interface Box extends Rectangle {
  readonly node: MapNode;
  /** Folders around it, the one that is shown not counted. */
  readonly depth: number;
  /**
   * `file`: a file of its own; `folder`: one with a line for its name; `closed`: one that is a single
   * thing to click; `texture`: part of a closed one, or too thin to point at.
   */
  readonly kind: 'file' | 'folder' | 'closed' | 'texture';
}

/** Boxes in the order in which they are drawn: a folder before what it holds. */
export function layoutMap(folder: FolderNode, width: number, height: number): Box[] {
  const boxes: Box[] = [];
  place(boxes, folder, { x: 0, y: 0, width, height }, 0, false);
  return boxes;
}

function place(
  boxes: Box[],
  folder: FolderNode,
  within: Rectangle,
  depth: number,
  texture: boolean,
): void {
  const { children } = folder;
  const tokens = children.map((child) => child.tokens);
  squarify(tokens, within, (index, tile) => {
    const node = children[index];
    if (node === undefined) return;
    const kind = kindOf(node, tile, texture);
    boxes.push({ node, depth, kind, ...tile });
    if (node.kind === 'file' || Math.min(tile.width, tile.height) < measures.open) return;
    place(boxes, node, inside(tile, kind), depth + 1, kind !== 'folder');
  });
}

function kindOf(node: MapNode, { width, height }: Rectangle, texture: boolean): Box['kind'] {
  if (texture || Math.min(width, height) < measures.smallest) return 'texture';
  if (node.kind === 'file') return 'file';
  const { named } = measures;
  return width >= named.width && height >= named.height ? 'folder' : 'closed';
}

/** What is left of a folder's box for what it holds. */
function inside({ x, y, width, height }: Rectangle, kind: Box['kind']): Rectangle {
  const { header, padding } = measures;
  const top = kind === 'folder' ? header : padding;
  return {
    x: x + padding,
    y: y + top,
    width: width - 2 * padding,
    height: height - top - padding,
  };
}

/** What is pointed at and moved to: of a named folder its line, of all others the whole box. */
export function target({ x, y, width, height, kind }: Box): Rectangle {
  return { x, y, width, height: kind === 'folder' ? measures.header : height };
}

/** Boxes that can be pointed at. */
export function targets(boxes: readonly Box[]): Box[] {
  return boxes.filter(({ kind }) => kind !== 'texture');
}

/** The box at a point, the innermost; null between boxes. */
export function boxAt(boxes: readonly Box[], x: number, y: number): Box | null {
  for (let index = boxes.length - 1; index >= 0; index--) {
    const box = boxes[index];
    if (box === undefined || box.kind === 'texture') continue;
    if (x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height) return box;
  }
  return null;
}
