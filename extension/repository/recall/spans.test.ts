import { describe, expect, it } from 'vitest';
import { enclosingBlock, fitRange, mergeRanges, textOf } from './spans.ts';

const code = [
  'const a = 1;', //        1
  '', //                    2
  'class Shop {', //        3
  '  open() {', //          4
  '    return true;', //    5
  '  }', //                 6
  '', //                    7
  '  close() {', //         8
  '    if (late) {', //     9
  '      lock();', //      10
  '    }', //              11
  '    return false;', //  12
  '  }', //                13
  '}', //                  14
  'const b = 2;', //       15
];

describe('enclosingBlock', () => {
  it.each([
    [1, 1, 1],
    [3, 3, 14],
    [4, 4, 6],
    [5, 4, 6],
    [10, 9, 11],
    [12, 8, 13],
    [15, 15, 15],
  ])('of line %i is lines %i to %i', (line, from, to) => {
    expect(enclosingBlock(code, line)).toEqual({ from, to });
  });

  it('of Python ends with the indentation', () => {
    const python = ['def f():', '    a = 1', '', '    return a', 'x = 2', 'def g():', '    pass'];
    expect(enclosingBlock(python, 1)).toEqual({ from: 1, to: 4 });
    expect(enclosingBlock(python, 4)).toEqual({ from: 1, to: 4 });
    expect(enclosingBlock(python, 5)).toEqual({ from: 5, to: 5 });
    expect(enclosingBlock(python, 7)).toEqual({ from: 6, to: 7 });
  });

  it('of a long block is the lines around the hit', () => {
    const long = ['{', ...Array.from({ length: 200 }, () => '  x;'), '}'];
    const { from, to } = enclosingBlock(long, 100);
    expect(from).toBeLessThanOrEqual(100);
    expect(to).toBeGreaterThanOrEqual(100);
    expect(to - from).toBe(40);
  });
});

describe('mergeRanges', () => {
  it('joins what overlaps or nearly touches', () => {
    const ranges = [
      { from: 20, to: 22 },
      { from: 1, to: 3 },
      { from: 7, to: 9 },
      { from: 2, to: 2 },
    ];
    expect(mergeRanges(ranges, 4)).toEqual([
      { from: 1, to: 9 },
      { from: 20, to: 22 },
    ]);
    expect(mergeRanges(ranges, 3)).toHaveLength(3);
  });
});

describe('fitRange', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${String(index + 1)}`);
  const count = ({ from, to }: { from: number; to: number }): number => 10 * (to - from + 1);

  it('widens to what is wanted, not past what is allowed or the file', () => {
    const block = { from: 50, to: 50 };
    const fit = (wanted: number, most: number) =>
      fitRange(lines, block, 50, { wanted, most }, count);
    expect(fit(90, 200)).toEqual({ from: 46, to: 54 });
    expect(fit(90, 60)).toEqual({ from: 48, to: 52 });
    expect(fit(10_000, 10_000)).toEqual({ from: 1, to: 100 });
  });

  it('narrows towards the hit', () => {
    for (const hit of [1, 20, 50, 99, 100]) {
      const found = fitRange(lines, { from: 1, to: 100 }, hit, { wanted: 0, most: 70 }, count);
      expect(found).not.toBeNull();
      const { from = 0, to = 0 } = found ?? {};
      expect(from).toBeLessThanOrEqual(hit);
      expect(to).toBeGreaterThanOrEqual(hit);
      expect(to - from + 1).toBe(7);
    }
  });

  it('is null where a line alone is too much', () => {
    const block = { from: 5, to: 6 };
    expect(fitRange(lines, block, 5, { wanted: 100, most: 9 }, count)).toBeNull();
  });
});

it('textOf gives every line its newline', () => {
  expect(textOf(['a', '', 'b'], { from: 2, to: 3 })).toBe('\nb\n');
});
