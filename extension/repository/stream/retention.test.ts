import { unitPerLine } from '../structure/unit-class.ts';
import { expect, it } from 'vitest';
import { fileShares, heldWithin, lineShares } from './retention.ts';
import { StreamIndexBuilder } from './stream-index.ts';

/** Two tokens in front, then files of header 1 and text tokens on the given lines. */
function indexOf(files: Readonly<Record<string, readonly number[]>>): StreamIndexBuilder {
  const index = new StreamIndexBuilder();
  index.addHeader(2, true);
  for (const [path, lines] of Object.entries(files)) {
    const count = Math.max(0, ...lines);
    const units = unitPerLine(new Uint8Array(count));
    const place = { path, hash: '', lines: count };
    index.addFile(place, 1, Uint32Array.from(lines), Infinity, units);
  }
  return index;
}

it('is the share of a file’s entries that are held, the header included', () => {
  const index = indexOf({ 'a.ts': [1, 1, 2], 'b.ts': [1] });
  const held = Uint16Array.from([6, 6, 6, 3, 0, 3, 6, 0]);
  expect(fileShares(index, held, 6)).toEqual([
    { path: 'a.ts', tokens: 4, kept: 0.5, lineCount: 2 },
    { path: 'b.ts', tokens: 2, kept: 0.5, lineCount: 1 },
  ]);
});

it('counts what was read of a file, and leaves out what was not', () => {
  const index = indexOf({ 'a.ts': [1, 1, 2], 'b.ts': [1] });
  expect(fileShares(index, Uint16Array.from([6, 6, 6, 3]), 6)).toEqual([
    { path: 'a.ts', tokens: 2, kept: 0.75, lineCount: 2 },
  ]);
  expect(fileShares(index, new Uint16Array(0), 6)).toEqual([]);
});

it('is given line by line, an empty line going with the one before', () => {
  const index = indexOf({ 'a.ts': [1, 1, 3, 4, 4] });
  const held = Uint16Array.from([0, 0, 0, 4, 2, 0, 1, 0]);
  expect(lineShares(index, 'a.ts', held, 4)).toEqual([0.75, 0.75, 0, 0.125]);
  expect(lineShares(index, 'a.ts', held.subarray(0, 5), 4)).toEqual([0.75, 0.75, 0.75, 0.75]);
  expect(lineShares(index, 'b.ts', held, 4)).toEqual([]);
});

it('is 0 for a file that is a header alone with nothing held', () => {
  expect(fileShares(indexOf({ 'a.ts': [] }), Uint16Array.from([0, 0, 0]), 4)).toEqual([
    { path: 'a.ts', tokens: 1, kept: 0, lineCount: 0 },
  ]);
});

it('of a head is counted between the bounds of a file', () => {
  const held = Int32Array.from([0, 3, 4, 9, 12]);
  expect(heldWithin(held, 3, 9)).toBe(2);
  expect(heldWithin(held, 3, 10)).toBe(3);
  expect(heldWithin(held, 0, 100)).toBe(5);
  expect(heldWithin(held, 13, 20)).toBe(0);
  expect(heldWithin(new Int32Array(0), 0, 5)).toBe(0);
});
