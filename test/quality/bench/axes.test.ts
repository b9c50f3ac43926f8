import { describe, expect, it } from 'vitest';
import { cellsOf, parsePolicy } from './axes.ts';
import { readOptions } from './options.ts';
import { readGrid } from './slices.ts';

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
    expect(readOptions([]).modes).toEqual(['streaming']);
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

describe('readGrid', () => {
  it('has every axis in some slice', () => {
    const cells = readGrid([]).flatMap(cellsOf);
    const of = (axis: 'length' | 'mode' | 'kvType' | 'budget'): unknown[] => [
      ...new Set(cells.map((cell) => cell[axis])),
    ];
    expect(of('length')).toEqual(expect.arrayContaining([1, 4, 8, 16]));
    expect(of('mode')).toEqual(expect.arrayContaining(['streaming', 'after-prefill']));
    expect(of('kvType')).toEqual(expect.arrayContaining(['f16', 'q8_0', 'q4_0']));
    expect(of('budget')).toEqual(expect.arrayContaining(['50%', '25%', '10%', '5%']));
  });

  it('writes each slice to a folder of its own', () => {
    const [storage, ...others] = readGrid(['--slice', 'storage', '--output', '/nowhere']);
    expect(others).toEqual([]);
    expect(storage).toMatchObject({
      json: '/nowhere/storage/results.json',
      svg: '/nowhere/storage',
      bytesOf: 'f16',
      resume: null,
    });
  });

  it.each([
    [['--slice', 'half'], /--slice is made of one-context/],
    [['--budget', '10%'], /Unknown option '--budget'/],
  ])('refuses %j', (args, message) => {
    expect(() => readGrid(args)).toThrow(message);
  });
});
