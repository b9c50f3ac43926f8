/** The map on its canvas: shades, lines, patterns and names. */

import { percent } from '../../extension/report/format.ts';
import { keptShare } from './file-tree.ts';
import type { MapNode } from './file-tree.ts';
import { measures } from './layout.ts';
import type { Box } from './layout.ts';
import { badgeWidth } from './labels.ts';
import type { Labels } from './labels.ts';
import { cssColour, mix, shadeOf } from './palette.ts';
import type { Colour, Palette } from './palette.ts';

export interface Painting {
  readonly boxes: readonly Box[];
  readonly palette: Palette;
  /** Files that a search finds; null where nothing is sought. */
  readonly found: ((node: MapNode) => boolean) | null;
  /** Whether what the last question attended to is marked. */
  readonly overlay: boolean;
}

/** Draws all of it. @param context scaled to CSS pixels */
export function paint(context: CanvasRenderingContext2D, painting: Painting, labels: Labels): void {
  const { boxes, palette, found, overlay } = painting;
  const { width, height } = context.canvas;
  context.save();
  context.resetTransform();
  context.fillStyle = cssColour(palette.ground);
  context.fillRect(0, 0, width, height);
  context.restore();
  const stripes = stripesOf(context, palette);
  for (const box of boxes) {
    const faded = found !== null && box.node.kind === 'file' && !found(box.node);
    if (box.kind === 'folder') frame(context, box, palette);
    else if (box.node.kind === 'file' || box.kind === 'closed') {
      tile(context, box, palette, faded);
      if (box.node.kind === 'file' && box.node.changed) fillInside(context, box, stripes);
      if (found !== null && box.node.kind === 'file' && !faded) {
        outline(context, box, palette.match, 2);
      }
    }
  }
  labels.begin(context, palette);
  for (const box of boxes) label(box, labels, painting);
  if (!overlay) return;
  for (const box of boxes) {
    const { node, kind } = box;
    if (node.rank === null || kind === 'folder') continue;
    if (kind === 'texture') continue;
    outline(context, box, palette.attended, 3);
    labels.badge(box, String(node.rank), palette.attended);
  }
}

/** Between tiles a line of the ground is left, as far as there is room for it. */
function gapOf({ width, height }: Box): number {
  return Math.min(width, height) >= 4 ? 1 : 0;
}

function tile(context: CanvasRenderingContext2D, box: Box, palette: Palette, faded: boolean): void {
  const gap = gapOf(box);
  const share = shadeOf(keptShare(box.node));
  context.fillStyle = cssColour(mix(palette.ground, palette.held, faded ? share * 0.25 : share));
  // Thinner than a pixel, it still is a trace.
  const width = Math.max(0.6, box.width - gap);
  const height = Math.max(0.6, box.height - gap);
  context.fillRect(box.x, box.y, width, height);
  if (gap === 0) return;
  const line = palette.highContrast ? palette.line : mix(palette.ground, palette.text, 0.22);
  if (palette.highContrast || box.kind === 'closed' || keptShare(box.node) < 0.02) {
    outline(context, box, line, 1);
  }
}

/** A folder with its name: a quiet ground for what it holds. */
function frame(context: CanvasRenderingContext2D, box: Box, palette: Palette): void {
  const { x, y, width, height, depth } = box;
  context.fillStyle = cssColour(mix(palette.ground, palette.text, 0.07 + 0.03 * (depth % 3)));
  context.fillRect(x, y, width - 1, height - 1);
  if (palette.highContrast) outline(context, box, palette.line, 1);
}

/** Drawn inside the box, so that it covers no neighbour. */
function outline(
  context: CanvasRenderingContext2D,
  box: Box,
  colour: Colour,
  thickness: number,
): void {
  const gap = gapOf(box);
  const { x, y } = box;
  const [width, height] = [box.width - gap, box.height - gap];
  const line = Math.min(thickness, width / 3, height / 3);
  context.strokeStyle = cssColour(colour);
  context.lineWidth = line;
  context.strokeRect(x + line / 2, y + line / 2, width - line, height - line);
}

function fillInside(
  context: CanvasRenderingContext2D,
  box: Box,
  pattern: CanvasPattern | string,
): void {
  const gap = gapOf(box);
  context.fillStyle = pattern;
  context.fillRect(box.x, box.y, box.width - gap, box.height - gap);
}

/** Diagonal lines: a changed file is told from others without its colour, too. */
function stripesOf(context: CanvasRenderingContext2D, palette: Palette): CanvasPattern | string {
  const size = 8;
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const drawing = canvas.getContext('2d');
  if (drawing === null) return cssColour(palette.changed, 0.6);
  drawing.strokeStyle = cssColour(palette.changed, palette.highContrast ? 1 : 0.85);
  drawing.lineWidth = 2;
  drawing.beginPath();
  for (const from of [-size, 0, size]) {
    drawing.moveTo(from - 1, size + 1);
    drawing.lineTo(from + size + 1, -1);
  }
  drawing.stroke();
  return context.createPattern(canvas, 'repeat') ?? cssColour(palette.changed, 0.6);
}

function label(box: Box, labels: Labels, { palette, overlay }: Painting): void {
  const { node, kind, x, y, width, height } = box;
  if (kind === 'texture') return;
  const share = percent(keptShare(node));
  if (kind === 'folder') {
    const room = { x, y, width, height: measures.header };
    labels.header(room, node.name, share);
    return;
  }
  const name = kind === 'closed' ? `${node.name}/` : node.name;
  const behind = mix(palette.ground, palette.held, shadeOf(keptShare(node)));
  labels.tile({ x, y, width, height }, [name, share], behind, {
    striped: kind === 'closed' || (node.kind === 'file' && node.changed),
    taken: overlay && node.rank !== null ? badgeWidth(String(node.rank)) : 0,
  });
}
