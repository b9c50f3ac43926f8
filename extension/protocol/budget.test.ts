import { describe, expect, it } from 'vitest';
import { parseBudget, shareTokens } from './budget.ts';

describe('parseBudget', () => {
  it.each([
    ['3000', { unit: 'tokens', value: 3000 }],
    ['10%', { unit: 'percent', value: 10 }],
    ['2.5 %', { unit: 'percent', value: 2.5 }],
    ['512MiB', { unit: 'mebibytes', value: 512 }],
    [' 1.5 mib ', { unit: 'mebibytes', value: 1.5 }],
    ['2GiB', { unit: 'mebibytes', value: 2048 }],
  ])('reads %j', (text, budget) => {
    expect(parseBudget(text)).toEqual({ ok: true, budget });
  });

  it.each([
    ['110%', 'A share is at most 100%.'],
    ['0%', 'It must be more than 0.'],
    ['1.5', 'Tokens are whole numbers.'],
    ['9'.repeat(400), 'The number is too large.'],
  ])('says what is wrong with %j', (text, reason) => {
    expect(parseBudget(text)).toHaveProperty('message', expect.stringContaining(reason));
  });

  it.each([
    '',
    '-5',
    '10 percent',
    '5GB',
    '1e3',
    'NaN',
    'Infinity',
    '% 5',
    '1,000',
    '10,5%',
    '0x10',
  ])('refuses %j and says what would do', (text) => {
    const parsing = parseBudget(text);
    expect(parsing.ok).toBe(false);
    expect(parsing).toHaveProperty('message', expect.stringContaining('3000'));
  });
});

describe('shareTokens', () => {
  it.each([
    [10, 0, 0],
    [10, 28, 28],
    [100, 28, 28],
    [10, 640, 640],
    [1, 1024, 1024],
    [10, 1025, 1024],
    [10, 10_240, 1024],
    [10, 10_250, 1025],
    [2.5, 100_000, 2500],
    [100, 5000, 5000],
  ])('%d %% of %d tokens is %d', (percent, repositoryTokens, tokens) => {
    expect(shareTokens(percent, repositoryTokens)).toBe(tokens);
  });
});
