import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRealOptions } from './options.ts';

describe('readRealOptions', () => {
  it('measures the bundled model on three packages with the floors by default', () => {
    expect(readRealOptions([])).toEqual({
      model: null,
      policies: ['default', 'random', 'streaming'],
      budgets: ['10%'],
      repositories: null,
      count: 3,
      places: 40,
      seed: 6000,
      json: null,
    });
  });

  it('reads every option', () => {
    const line =
      '--task T1 --model m.gguf --policy default,laprox:window=64,default --budget 25%,10% --repositories koa,ws --places 5 --seed 9 --json a.json';
    expect(readRealOptions(line.split(' '))).toEqual({
      model: resolve('m.gguf'),
      policies: ['default', 'laprox:window=64'],
      budgets: ['25%', '10%'],
      repositories: ['koa', 'ws'],
      count: 0,
      places: 5,
      seed: 9,
      json: resolve('a.json'),
    });
  });

  it.each([
    ['--task', 'T9', '--task takes T1, not "T9".'],
    ['--places', '0', '--places takes a whole number'],
    ['--places', '1.5', '--places takes a whole number'],
    ['--seed', 'x', '--seed takes a whole number'],
    ['--policy', ':a=1', '--policy names no policy'],
    ['--budget', 'much', 'budget'],
    ['--unknown', '1', '--unknown'],
  ])('refuses %s %s', (name, value, message) => {
    expect(() => readRealOptions([name, value])).toThrow(message);
  });
});
