import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRealOptions } from './options.ts';

describe('readRealOptions', () => {
  it('measures the bundled model on three packages with the floors by default', () => {
    expect(readRealOptions([])).toEqual({
      task: 'T1',
      model: null,
      policies: ['default', 'random', 'streaming'],
      budgets: ['10%'],
      repositories: null,
      count: 3,
      places: 40,
      seed: 6000,
      prefix: 200,
      origins: ['held-out', 'read'],
      texts: [],
      json: null,
    });
  });

  it('reads every option', () => {
    const line =
      '--task T1 --model m.gguf --policy default,laprox:window=64,default --budget 25%,10% --repositories koa,ws --places 5 --seed 9 --json a.json --prefix 700 --origin held-out --text 400,400+10%';
    expect(readRealOptions(line.split(' '))).toEqual({
      task: 'T1',
      model: resolve('m.gguf'),
      policies: ['default', 'laprox:window=64'],
      budgets: ['25%', '10%'],
      repositories: ['koa', 'ws'],
      count: 0,
      places: 5,
      seed: 9,
      prefix: 700,
      origins: ['held-out'],
      texts: [
        { tokens: 400, share: 0 },
        { tokens: 400, share: 0.1 },
      ],
      json: resolve('a.json'),
    });
  });

  it('asks for facts alone in T2', () => {
    expect(readRealOptions(['--task', 'T2'])).toMatchObject({ task: 'T2', origins: ['fact'] });
  });

  it.each([
    ['--task', 'T9', '--task takes T1 or T2, not "T9".'],
    ['--places', '0', '--places takes a whole number'],
    ['--places', '1.5', '--places takes a whole number'],
    ['--seed', 'x', '--seed takes a whole number'],
    ['--prefix', '-1', '--prefix'],
    ['--origin', 'written', '--origin takes held-out and read, not "written".'],
    ['--text', 'much', '--text takes tokens such as 400 or 400+10%, not "much".'],
    ['--text', '10%', '--text takes tokens such as 400 or 400+10%, not "10%".'],
    ['--policy', ':a=1', '--policy names no policy'],
    ['--budget', 'much', 'budget'],
    ['--unknown', '1', '--unknown'],
  ])('refuses %s %s', (name, value, message) => {
    expect(() => readRealOptions([name, value])).toThrow(message);
  });
});
