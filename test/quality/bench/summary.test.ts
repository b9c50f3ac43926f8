import { describe, expect, it } from 'vitest';
import { compare, figuresOf } from './baseline.ts';
import { formatReport } from './report.ts';
import { inOrder } from './results.ts';
import type { Document, ItemResult, Run } from './results.ts';
import { depthShares, difference, figure, outcomeCounts, rowsOf } from './summary.ts';

function item(index: number, changes: Partial<ItemResult>): ItemResult {
  return {
    index,
    task: 'recall',
    kind: 'const',
    headline: true,
    recall: 'off',
    depth: index / 10,
    outcome: 'right',
    score: 1,
    expected: '1',
    answer: '1',
    nats: null,
    tokens: 1,
    ...changes,
  };
}

function run(
  policy: string,
  repository: number,
  items: ItemResult[],
  failure: string | null = null,
): Run {
  return {
    cell: { length: 8, mode: 'streaming', kvType: 'f16', policy, budget: '10%' },
    reference: false,
    repository,
    failure,
    streamTokens: 1000,
    budgetTokens: 100,
    heldTokens: 99,
    budgetBytes: 2 ** 20,
    kvBytes: 2 ** 20,
    peakKvBytes: 2 ** 21,
    chunkBytes: 2 ** 20,
    ingestMs: 1,
    askMs: 1,
    notices: [],
    items,
  };
}

const wrong = { outcome: 'wrong', score: 0 } as const;
const good = [
  item(0, {}),
  item(1, {}),
  item(2, wrong),
  item(3, { outcome: 'not-found', score: 0 }),
];
const bad = [item(0, {}), item(1, wrong), item(2, wrong), item(3, wrong)];
const lossItem = (nats: number, tokens: number): ItemResult =>
  item(9, { task: 'loss', kind: 'call', nats, tokens });

function documentOf(runs: Run[]): Document {
  const subject = {
    model: 'm',
    seed: 1,
    questions: 4,
    tasks: ['recall' as const],
    recalls: ['off' as const],
    budgetBytesOf: 'own',
    repository: null,
  };
  return { version: 1, subject, runs };
}

describe('rows', () => {
  const rows = rowsOf([run('a', 0, good), run('b', 0, bad), run('a', 1, good), run('b', 1, bad)]);

  it('gather the repositories of a cell', () => {
    expect(rows.map(({ cell, runs }) => [cell.policy, runs.length])).toEqual([
      ['a', 2],
      ['b', 2],
    ]);
  });

  it('tell right, wrong and not found apart', () => {
    const [a] = rows;
    if (a === undefined) throw new Error();
    expect(outcomeCounts(a)).toEqual({ right: 4, wrong: 2, 'not-found': 2 });
    expect(figure(a, 'recall')?.mean).toBe(0.5);
    expect(figure(a, 'loss')).toBeNull();
    expect(depthShares(a).map((share) => share?.mean ?? null)).toEqual([1, 0, null, null, null]);
  });

  it('compare the same questions of the same repositories', () => {
    const [a, b] = rows;
    if (a === undefined || b === undefined) throw new Error();
    const paired = difference(a, b, 'recall');
    expect(paired?.mean).toBe(0.25);
    expect(paired?.low).toBeGreaterThanOrEqual(0);
    expect(difference(a, a, 'recall')).toEqual({ mean: 0, low: 0, high: 0 });
  });

  it('weigh the loss by tokens', () => {
    const [row] = rowsOf([run('a', 0, [lossItem(30, 10), { ...lossItem(2, 2), index: 10 }])]);
    if (row === undefined) throw new Error();
    expect(figure(row, 'loss')?.mean).toBeCloseTo(32 / 12, 12);
  });
});

describe('the report', () => {
  it('names what could not be measured, once, with the sentence', () => {
    const refused = 'There is no policy "b".';
    const text = formatReport(
      documentOf([run('a', 0, good), run('b', 0, [], refused), run('b', 1, [], refused)]),
    );
    expect(text.split(refused)).toHaveLength(2);
    expect(text).toContain('8x streaming f16 b 10%');
    expect(text).toMatch(/\| a +\| 10% +\| off +\| 0\.50 \(/);
  });
});

describe('the baseline', () => {
  const of = (right: number, nats: number): Document =>
    documentOf([
      run('a', 0, [
        ...Array.from({ length: 40 }, (_, index) => item(index, index < right ? {} : wrong)),
        ...Array.from({ length: 10 }, (_, i) => ({
          ...lossItem(nats + (i % 2), 4),
          index: 50 + i,
        })),
      ]),
    ]);
  const baseline = figuresOf(of(30, 8));

  it('holds against itself, what is better and what chance can do', () => {
    expect(compare(baseline, figuresOf(of(30, 8))).worse).toBe(false);
    expect(compare(baseline, figuresOf(of(40, 4))).worse).toBe(false);
    expect(compare(baseline, figuresOf(of(27, 8.1))).worse).toBe(false);
  });

  it('does not hold where more than chance is missing, or something is not measured', () => {
    expect(compare(baseline, figuresOf(of(22, 8))).text).toMatch(/recall .*WORSE/);
    expect(compare(baseline, figuresOf(of(30, 9))).text).toMatch(/loss .*WORSE/);
    expect(compare(baseline, []).text).toContain('not measured');
    expect(compare(baseline, figuresOf(documentOf([run('a', 0, good)]))).text).toContain(
      'other questions',
    );
  });
});

describe('inOrder', () => {
  it('puts runs where their cells stand, however they were resumed', () => {
    const runs = [
      run('old', 0, []),
      run('streaming', 1, []),
      run('streaming', 0, []),
      run('default', 0, []),
      { ...run('full', 0, []), reference: true },
    ];
    const cells = [run('default', 0, []).cell, run('streaming', 0, []).cell];
    expect(
      inOrder(runs, cells).map(({ cell, repository }) => `${cell.policy} ${String(repository)}`),
    ).toEqual(['full 0', 'default 0', 'streaming 0', 'streaming 1', 'old 0']);
  });
});
