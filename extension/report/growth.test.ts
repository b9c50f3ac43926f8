import { expect, it } from 'vitest';
import { describeGrowth } from './growth.ts';

it.each([
  [true, 'The current memory answers until then.'],
  [false, 'Loci discards the current memory first: both together do not fit in the free memory.'],
])('says tokens, bytes, time and what happens meanwhile: %s', (fits, meanwhile) => {
  const growth = { tokens: 4_100, bytes: 24 * 2 ** 20, fits };
  expect(describeGrowth(growth, 16_400, 100)).toBe(
    `The new budget is 4,100 tokens here (24 MiB). Reading takes about 3 min. ${meanwhile}`,
  );
  expect(describeGrowth(growth, 16_400, null)).toContain('Reading may take a long time.');
});
