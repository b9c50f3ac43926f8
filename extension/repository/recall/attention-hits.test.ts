import { unitPerLine } from '../structure/unit-class.ts';
import { expect, it } from 'vitest';
import { StreamIndexBuilder } from '../stream/stream-index.ts';
import { attendedFiles, attentionHits, dueToQuestion } from './attention-hits.ts';

/** Files of 10 lines with 4 tokens each, headers of 3 tokens, behind 5 tokens, then two more files. */
function indexOf(...paths: readonly string[]): StreamIndexBuilder {
  const index = new StreamIndexBuilder();
  index.addHeader(5, true);
  const lines = Uint32Array.from({ length: 40 }, (_, token) => 1 + (token >> 2));
  for (const path of [...paths, 'last.ts', 'newest.ts']) {
    const units = unitPerLine(new Uint8Array(10));
    index.addFile({ path, hash: '', lines: 10 }, 3, lines, Infinity, units);
  }
  return index;
}

function tokenOf(index: StreamIndexBuilder, path: string, line: number): number {
  return (index.fileOf(path)?.contentFrom ?? 0) + 4 * (line - 1);
}

it('finds the line that is attended to, before its neighbours', () => {
  const index = indexOf('a.ts', 'b.ts');
  const attention = new Float32Array(index.tokens).fill(0.01);
  const token = tokenOf(index, 'b.ts', 7);
  attention.fill(1, token, token + 4);
  const hits = attentionHits(index, dueToQuestion(index, attention, null));
  expect(hits[0]).toEqual({
    path: 'b.ts',
    line: 7,
    score: 1,
    signal: 'attention',
    extent: 'around',
  });
  expect(new Set(hits.slice(1, 3).map(({ line }) => line))).toEqual(new Set([6, 8]));
  expect(hits[3]?.score).toBeLessThan(0.05);
});

it('does not look at sinks and headers, nor at what is not a number', () => {
  const index = indexOf('a.ts', 'b.ts');
  const attention = new Float32Array(index.tokens);
  attention.fill(1000, 0, 4);
  attention.fill(1000, index.fileOf('b.ts')?.from, index.fileOf('b.ts')?.contentFrom);
  attention[tokenOf(index, 'a.ts', 1)] = NaN;
  attention[tokenOf(index, 'a.ts', 2)] = Infinity;
  attention[tokenOf(index, 'a.ts', 3)] = -5;
  attention[tokenOf(index, 'a.ts', 9)] = 0.5;
  const hits = attentionHits(index, dueToQuestion(index, attention, null));
  expect(hits[0]).toMatchObject({ path: 'a.ts', line: 9 });
  expect(hits.every(({ line }) => line >= 8)).toBe(true);
});

it('prefers a line of several strong tokens to one with a single one', () => {
  const index = indexOf('a.ts');
  const attention = new Float32Array(index.tokens);
  attention[tokenOf(index, 'a.ts', 2)] = 2;
  attention.fill(1, tokenOf(index, 'a.ts', 8), tokenOf(index, 'a.ts', 8) + 4);
  expect(attentionHits(index, dueToQuestion(index, attention, null))[0]).toMatchObject({ line: 8 });
});

it('subtracts what is attended to whatever is asked', () => {
  const index = indexOf('a.ts');
  const usual = new Float32Array(index.tokens);
  usual.fill(10, tokenOf(index, 'a.ts', 1), tokenOf(index, 'a.ts', 1) + 4);
  const asked = usual.slice();
  asked.fill(2, tokenOf(index, 'a.ts', 9), tokenOf(index, 'a.ts', 9) + 4);
  expect(attentionHits(index, dueToQuestion(index, asked, null))[0]).toMatchObject({ line: 1 });
  expect(attentionHits(index, dueToQuestion(index, asked, usual))[0]).toMatchObject({ line: 9 });
});

it('does not look at the newest tokens, unless a baseline says what is usual there', () => {
  const index = indexOf('a.ts');
  const attention = new Float32Array(index.tokens);
  attention.fill(1, tokenOf(index, 'newest.ts', 6));
  attention[tokenOf(index, 'a.ts', 5)] = 0.5;
  expect(attentionHits(index, dueToQuestion(index, attention, null))[0]).toMatchObject({
    path: 'a.ts',
    line: 5,
  });
  const nothing = new Float32Array(index.tokens);
  expect(attentionHits(index, dueToQuestion(index, attention, nothing))[0]?.path).toBe('newest.ts');
});

it('has no hits without attention', () => {
  const index = indexOf('a.ts');
  expect(attentionHits(index, dueToQuestion(index, new Float32Array(index.tokens), null))).toEqual(
    [],
  );
  expect(attentionHits(index, dueToQuestion(index, new Float32Array(0), null))).toEqual([]);
});

it('sums attention by file: shares of what is due to the question, the strongest first', () => {
  const index = indexOf('a.ts', 'b.ts', 'c.ts');
  const asked = new Float32Array(index.tokens);
  asked[tokenOf(index, 'a.ts', 1)] = 1;
  asked[tokenOf(index, 'b.ts', 1)] = 2;
  asked[tokenOf(index, 'b.ts', 9)] = 1;
  asked.fill(9, 0, 3);
  const files = attendedFiles(index, dueToQuestion(index, asked, new Float32Array(index.tokens)));
  expect(files).toEqual([
    { path: 'b.ts', share: 0.75 },
    { path: 'a.ts', share: 0.25 },
  ]);
});

it('lists twenty files by attention at most, and none where there is none', () => {
  const index = indexOf(...Array.from({ length: 30 }, (_, i) => `f${String(i)}.ts`));
  const values = new Float32Array(index.tokens).fill(1);
  const files = attendedFiles(index, values);
  expect(files).toHaveLength(20);
  expect(files[0]?.share).toBeCloseTo(1 / 32);
  expect(attendedFiles(index, new Float32Array(index.tokens))).toEqual([]);
});
