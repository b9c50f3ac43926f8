import { describe, expect, it } from 'vitest';
import { fileTree } from './file-tree.ts';
import { boxAt, layoutMap, measures, target, targets } from './layout.ts';
import type { Box } from './layout.ts';
import { neighbour } from './neighbours.ts';
import type { Direction } from './neighbours.ts';
import { squarify } from './squarify.ts';
import type { Rectangle } from './squarify.ts';
import { mapFiles } from '../../test/fixtures/map-files.ts';

const area = ({ width, height }: Rectangle): number => width * height;
const within = { x: 10, y: 20, width: 600, height: 400 };

function tilesOf(values: readonly number[], rectangle: Rectangle = within): Rectangle[] {
  const tiles: Rectangle[] = [];
  squarify(values, rectangle, (_, tile) => tiles.push(tile));
  return tiles;
}

/** Pairs that overlap by more than rounding; by columns, so that many are compared quickly. */
function overlapping(tiles: readonly Rectangle[]): number {
  const sorted = tiles.toSorted((a, b) => a.x - b.x);
  let found = 0;
  for (const [index, one] of sorted.entries()) {
    for (let next = index + 1; next < sorted.length; next++) {
      const other = sorted[next];
      if (other === undefined || other.x >= one.x + one.width - 1e-6) break;
      const apart = other.y >= one.y + one.height - 1e-6 || one.y >= other.y + other.height - 1e-6;
      if (!apart) found += 1;
    }
  }
  return found;
}

describe('squarified tiles', () => {
  it('are those of the figure in the paper', () => {
    const tiles = tilesOf([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
    const rounded = tiles.map(({ x, y, width, height }) =>
      [x, y, width, height].map((value) => Number(value.toFixed(2))),
    );
    expect(rounded).toEqual([
      [0, 0, 3, 2],
      [0, 2, 3, 2],
      [3, 0, 1.71, 2.33],
      [4.71, 0, 1.29, 2.33],
      [3, 2.33, 1.2, 1.67],
      [4.2, 2.33, 1.2, 1.67],
      [5.4, 2.33, 0.6, 1.67],
    ]);
  });

  it('fill the rectangle, each by its value, and none overlaps another', () => {
    const values = Array.from({ length: 500 }, (_, i) => 1 / (i + 1));
    const sum = values.reduce((before, value) => before + value, 0);
    const tiles = tilesOf(values);
    expect(tiles).toHaveLength(values.length);
    for (const [index, tile] of tiles.entries()) {
      expect(area(tile) / area(within)).toBeCloseTo((values[index] ?? 0) / sum, 9);
    }
    expect(overlapping(tiles)).toBe(0);
  });

  it('leave out what is nothing, and end where there is no room', () => {
    expect(tilesOf([])).toEqual([]);
    expect(tilesOf([0, 0])).toEqual([]);
    expect(tilesOf([5, 0])).toEqual([within]);
    expect(tilesOf([1], { ...within, width: 0 })).toEqual([]);
    expect(tilesOf([1], { ...within, height: -4 })).toEqual([]);
  });

  it('look at each of 20,000 values four times at most, and stay near squares', () => {
    let reads = 0;
    const values = new Proxy(
      Array.from({ length: 20_000 }, (_, i) => 20_000 - i),
      {
        get: (list, key) => {
          if (key !== 'length' && key !== 'reduce') reads += 1;
          return Reflect.get(list, key) as unknown;
        },
      },
    );
    const ratios: number[] = [];
    squarify(values, within, (_, { width, height }) => {
      ratios.push(Math.max(width / height, height / width));
    });
    expect(reads).toBeLessThanOrEqual(4 * 20_000);
    expect(ratios).toHaveLength(20_000);
    expect(ratios.toSorted((a, b) => a - b)[10_000]).toBeLessThan(1.6);
  });
});

const files = mapFiles(20_000);
const boxes = layoutMap(fileTree(files), 1200, 700);

describe('the map of 20,000 files', () => {
  it('nests every box in that of its folder, and none beside it overlaps', () => {
    const byPath = new Map(boxes.map((box) => [box.node, box]));
    let nested = 0;
    for (const { node, ...box } of boxes) {
      if (node.kind === 'file') continue;
      const inside = node.children.flatMap((child) => byPath.get(child) ?? []);
      nested += inside.length;
      const outside = inside.filter(
        ({ x, y, width, height }) =>
          x < box.x - 1e-6 ||
          y < box.y - 1e-6 ||
          x + width > box.x + box.width + 1e-6 ||
          y + height > box.y + box.height + 1e-6,
      );
      expect(outside).toEqual([]);
      expect(overlapping(inside)).toBe(0);
    }
    expect(nested).toBeGreaterThan(10_000);
  });

  it('shares the room inside a folder by tokens', () => {
    const [folder] = boxes.filter(({ kind }) => kind === 'folder');
    if (folder?.node.kind !== 'folder') throw new Error('There is no folder.');
    const { children, tokens } = folder.node;
    const { padding, header } = measures;
    const room = (folder.width - 2 * padding) * (folder.height - header - padding);
    for (const box of boxes.filter(({ node }) => children.includes(node))) {
      expect(area(box) / room).toBeCloseTo(box.node.tokens / tokens, 9);
    }
  });

  it('finds the innermost box at a point, and a folder at its line', () => {
    for (const box of targets(boxes).slice(0, 200)) {
      const { x, y, width, height } = target(box);
      expect(boxAt(boxes, x + width / 2, y + height / 2)).toBe(box);
    }
    expect(boxAt(boxes, -1, 5)).toBeNull();
  });
});

describe('the arrow keys', () => {
  const directions: readonly Direction[] = ['left', 'right', 'up', 'down'];

  it.each([40, 400, 2_000])('reach every box of %i files, and only go their way', (count) => {
    const reachable = targets(layoutMap(fileTree(mapFiles(count)), 900, 500));
    const [first] = reachable;
    if (first === undefined) throw new Error('There is no box.');
    const found = new Set<Box>([first]);
    for (const box of found) {
      for (const direction of directions) {
        const next = neighbour(reachable, box, direction);
        if (next === null || found.has(next)) continue;
        found.add(next);
        const [from, to] = [target(box), target(next)];
        if (direction === 'right') expect(to.x).toBeGreaterThanOrEqual(from.x + from.width - 0.6);
        if (direction === 'down') expect(to.y).toBeGreaterThanOrEqual(from.y + from.height - 0.6);
      }
    }
    expect(found.size).toBe(reachable.length);
  });

  it('stop at the edge', () => {
    const [only] = targets(layoutMap(fileTree(mapFiles(1)), 300, 200));
    if (only === undefined) throw new Error('There is no box.');
    for (const direction of directions) expect(neighbour([only], only, direction)).toBeNull();
  });
});
