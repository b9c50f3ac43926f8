import { expect, it } from 'vitest';
import { ProgressSteps } from './progress.ts';

it('only grows, whatever is estimated, and stays below the whole', () => {
  let now = 0;
  const steps = new ProgressSteps(() => (now += 1_000));
  const shares = [0, 0, 0.5, 0.2, 1, 1, 7];
  const told = shares.map((share, index) => steps.next('Reading', share, String(index)));
  const figures = told.map((step) => step?.progress ?? Number.NaN);
  expect(figures).toEqual(figures.toSorted((left, right) => left - right));
  expect(new Set(figures).size).toBe(shares.length);
  expect(figures[2]).toBeCloseTo(49.5);
  expect(figures.at(-1)).toBeLessThan(100);
});

it('tells another step at once, more of the same after a while, and nothing twice', () => {
  let now = 0;
  const steps = new ProgressSteps(() => now);
  const told = (doing: string, message: string): boolean => steps.next(doing, 0, message) !== null;
  expect(told('Reading', 'a')).toBe(true);
  now = 100;
  expect(told('Reading', 'b')).toBe(false);
  expect(told('Writing', 'c')).toBe(true);
  now = 400;
  expect(told('Writing', 'c')).toBe(false);
  expect(told('Writing', 'd')).toBe(true);
});
