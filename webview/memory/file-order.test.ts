import { describe, expect, it } from 'vitest';
import { arrangeFiles, nextOrder } from './file-order.ts';
import type { SortKey } from './file-order.ts';

const files = [
  { path: 'src/b.ts', tokens: 10, kept: 0.5 },
  { path: 'src/a10.ts', tokens: 30, kept: 0.1 },
  { path: 'src/a2.ts', tokens: 30, kept: 0.9 },
];

function paths(filter: string, key: SortKey, descending: boolean): string[] {
  return arrangeFiles(files, filter, { key, descending }).map(({ path }) => path);
}

describe('arrangeFiles', () => {
  it('sorts by each column, equal ones by path', () => {
    expect(paths('', 'path', false)).toEqual(['src/a2.ts', 'src/a10.ts', 'src/b.ts']);
    expect(paths('', 'path', true)).toEqual(['src/b.ts', 'src/a10.ts', 'src/a2.ts']);
    expect(paths('', 'tokens', true)).toEqual(['src/a2.ts', 'src/a10.ts', 'src/b.ts']);
    expect(paths('', 'held', true)).toEqual(['src/a2.ts', 'src/b.ts', 'src/a10.ts']);
    expect(paths('', 'held', false)).toEqual(['src/a10.ts', 'src/b.ts', 'src/a2.ts']);
  });

  it('filters by every word, in any order and case', () => {
    expect(paths('TS a1', 'path', false)).toEqual(['src/a10.ts']);
    expect(paths('zzz', 'path', false)).toEqual([]);
    expect(paths('  ', 'path', false)).toHaveLength(3);
  });

  it('leaves the given list as it is', () => {
    const before = [...files];
    paths('', 'held', true);
    expect(files).toEqual(before);
  });
});

describe('nextOrder', () => {
  it('turns round the same column, and begins others their natural way', () => {
    expect(nextOrder({ key: 'held', descending: true }, 'held')).toEqual({
      key: 'held',
      descending: false,
    });
    expect(nextOrder({ key: 'held', descending: true }, 'path')).toEqual({
      key: 'path',
      descending: false,
    });
    expect(nextOrder({ key: 'path', descending: false }, 'tokens')).toEqual({
      key: 'tokens',
      descending: true,
    });
  });
});
