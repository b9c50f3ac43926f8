/** Moving over the map with the arrow keys. */

import { target } from './layout.ts';
import type { Box } from './layout.ts';
import type { Rectangle } from './squarify.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Edges that rounding has moved apart still touch. */
const slack = 0.5;

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * The box that is next in a direction: of those that begin where this one ends, or later, the nearest;
 * one beside it comes before one that lies askew. null at the edge.
 * @param boxes those that can be moved to
 */
export function neighbour(boxes: readonly Box[], from: Box, direction: Direction): Box | null {
  const [along, across] = rangesOf(target(from), direction);
  const centre = (across.from + across.to) / 2;
  let best: Box | null = null;
  let least = Infinity;
  for (const box of boxes) {
    if (box === from) continue;
    const [itsAlong, itsAcross] = rangesOf(target(box), direction);
    const gap = itsAlong.from - along.to;
    if (gap < -slack) continue;
    const beside =
      Math.max(across.from, itsAcross.from) < Math.min(across.to, itsAcross.to) - slack;
    const aside = Math.max(0, itsAcross.from - centre, centre - itsAcross.to);
    // Whatever lies askew is further than anything beside it.
    const distance = Math.max(0, gap) + aside + (beside ? 0 : 100_000);
    if (distance < least) [best, least] = [box, distance];
  }
  return best;
}

/** The box along the direction, growing with it, and across. */
function rangesOf({ x, y, width, height }: Rectangle, direction: Direction): [Range, Range] {
  const horizontal = { from: x, to: x + width };
  const vertical = { from: y, to: y + height };
  const mirrored = ({ from, to }: Range): Range => ({ from: -to, to: -from });
  switch (direction) {
    case 'right':
      return [horizontal, vertical];
    case 'left':
      return [mirrored(horizontal), vertical];
    case 'down':
      return [vertical, horizontal];
    case 'up':
      return [mirrored(vertical), horizontal];
  }
}
