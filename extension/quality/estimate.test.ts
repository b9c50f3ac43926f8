import { expect, it } from 'vitest';
import { readingSeconds } from './estimate.ts';

it('tells the time of as many readings as there are', () => {
  expect(readingSeconds(12, { tokens: 36_000, tokensPerSecond: 3_000 })).toBe(144);
});
