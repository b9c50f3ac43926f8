import { describe, expect, it } from 'vitest';
import { findReferences } from './references.ts';

const paths = ['src/a.ts', 'src/a.tsx', 'lib/c++/x (1).ts'];

describe('findReferences', () => {
  it('finds paths with and without lines', () => {
    expect(findReferences('See src/a.ts:12 and src/a.ts:3-9, or src/a.tsx.', paths)).toEqual([
      'See ',
      { text: 'src/a.ts:12', path: 'src/a.ts', fromLine: 12, toLine: 12 },
      ' and ',
      { text: 'src/a.ts:3-9', path: 'src/a.ts', fromLine: 3, toLine: 9 },
      ', or ',
      { text: 'src/a.tsx', path: 'src/a.tsx', fromLine: null, toLine: null },
      '.',
    ]);
  });

  it('takes paths literally', () => {
    expect(findReferences('lib/c++/x (1).ts', paths)).toEqual([
      { text: 'lib/c++/x (1).ts', path: 'lib/c++/x (1).ts', fromLine: null, toLine: null },
    ]);
    expect(findReferences('src/aXts', paths)).toEqual(['src/aXts']);
  });

  it.each(['other/src/a.ts', 'src/a.ts-old', 'src/a.tsb', 'src/b.ts:1', '../src/a.ts'])(
    'leaves %s alone',
    (text) => {
      expect(findReferences(text, paths)).toEqual([text]);
    },
  );

  it('has no line zero', () => {
    expect(findReferences('src/a.ts:0', paths)).toEqual([
      { text: 'src/a.ts:0', path: 'src/a.ts', fromLine: null, toLine: null },
    ]);
  });

  it('needs no paths', () => {
    expect(findReferences('src/a.ts', [])).toEqual(['src/a.ts']);
    expect(findReferences('', paths)).toEqual([]);
  });
});
