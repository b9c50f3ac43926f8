import { describe, expect, it } from 'vitest';
import { cellsOf, parsePolicy } from './axes.ts';
import { readOptions } from './options.ts';

describe('parsePolicy', () => {
  it('reads a preset and its overrides', () => {
    expect(parsePolicy('laprox')).toEqual({ name: 'laprox', parameters: {} });
    expect(parsePolicy('laprox:window=64:pool=5')).toEqual({
      name: 'laprox',
      parameters: { window: '64', pool: '5' },
    });
  });

  it.each(['laprox:window', ':a=1', 'laprox:=3'])('refuses "%s"', (text) => {
    expect(() => parsePolicy(text)).toThrow(/polic/i);
  });
});

describe('readOptions', () => {
  it('adds to every table what keeps at random and what keeps what is near', () => {
    expect(readOptions(['--policy', 'laprox']).policies).toEqual(['laprox', 'random', 'streaming']);
    expect(readOptions(['--policy', 'random']).policies).toEqual(['random', 'streaming']);
  });

  it('crosses the axes', () => {
    const options = readOptions([
      '--policy',
      'streaming',
      '--budget',
      '25%,512',
      '--length',
      '1,4',
    ]);
    const cells = cellsOf(options);
    expect(cells).toHaveLength(2 * 2 * 2);
    expect(new Set(cells.map((cell) => JSON.stringify(cell))).size).toBe(cells.length);
  });

  it('reads for each question only where that is named', () => {
    expect(readOptions(['--grid']).modes).toEqual(['streaming', 'after-prefill']);
    expect(readOptions(['--mode', 'question-aware']).modes).toEqual(['question-aware']);
  });

  it('measures the loss alone on a repository as it is', () => {
    const options = readOptions(['--repo', '.']);
    expect(options.tasks).toEqual(['loss']);
    expect(options.lengths).toEqual([0]);
  });

  it('has seeds of its own for --quick', () => {
    const quick = readOptions(['--quick']);
    const usual = readOptions([]);
    expect(quick.seed).toBeGreaterThan(usual.seed + 1000);
  });

  it.each([
    [['--budget', '10x'], /budget/],
    [['--tasks', 'recall,guess'], /--tasks is made of recall/],
    [['--length', 'long'], /--length/],
    [['--questions', '0'], /--questions takes a whole number/],
    [['--kv-type', 'q1'], /--kv-type/],
  ])('refuses %j in one sentence', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
