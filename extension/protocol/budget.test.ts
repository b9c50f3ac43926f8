import { describe, expect, it } from 'vitest';
import { parseBudget } from './budget.ts';

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

  it.each(['', '0', '0%', '101%', '-5', '1.5', '10 percent', '5GB', '1e3', 'NaN', '% 5'])(
    'refuses %j and says what would do',
    (text) => {
      const parsing = parseBudget(text);
      expect(parsing.ok).toBe(false);
      expect(parsing).toHaveProperty('message', expect.stringContaining('3000'));
    },
  );
});
