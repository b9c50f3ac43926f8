import { expect, it } from 'vitest';
import { measuringSeconds } from './estimate.ts';

it('tells the time of as many readings as there are, with their questions', () => {
  const reading = { tokens: 36_000, tokensPerSecond: 3_000 };
  expect(measuringSeconds(11, 0, reading)).toBe(144);
  expect(measuringSeconds(11, 300, reading)).toBe(144 + 52);
});
