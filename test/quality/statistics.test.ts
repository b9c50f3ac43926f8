import { describe, expect, it } from 'vitest';
import {
  meanInterval,
  median,
  quantile,
  ratioInterval,
  ratioOf,
  wilsonInterval,
} from './statistics.ts';

describe('wilsonInterval', () => {
  it('is as published for known proportions', () => {
    // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    for (const [successes, trials, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const interval = wilsonInterval(successes, trials);
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    }
  });
});

describe('ratio of right answers', () => {
  const pair = (
    right: boolean,
    baselineRight: boolean,
  ): { right: boolean; baselineRight: boolean } => ({
    right,
    baselineRight,
  });

  it('may exceed one', () => {
    expect(ratioOf([pair(true, false), pair(true, true)])).toBe(2);
  });

  it('has an interval around it, which is a point where nothing varies', () => {
    const same = Array.from({ length: 30 }, () => pair(true, true));
    expect(ratioInterval([same, same], 1)).toEqual({ low: 1, high: 1 });
    const mixed = Array.from({ length: 100 }, (_, i) => pair(i % 5 !== 0, true));
    const { low, high } = ratioInterval([mixed, mixed, mixed], 1);
    expect(low).toBeGreaterThan(0.72);
    expect(low).toBeLessThan(0.8);
    expect(high).toBeGreaterThan(0.8);
    expect(high).toBeLessThan(0.88);
  });
});

describe('meanInterval', () => {
  const values = (...sums: number[]): { sum: number; weight: number }[] =>
    sums.map((sum) => ({ sum, weight: 1 }));

  it('is a point where nothing varies, and nothing where nothing was seen', () => {
    expect(meanInterval([values(2, 2), values(2)], 1)).toEqual({ mean: 2, low: 2, high: 2 });
    expect(meanInterval([[], []], 1)).toBeNull();
  });

  it('weighs: nats of some tokens per token', () => {
    const estimate = meanInterval(
      [
        [
          { sum: 30, weight: 10 },
          { sum: 2, weight: 2 },
        ],
      ],
      1,
    );
    expect(estimate?.mean).toBeCloseTo(32 / 12, 12);
    expect(estimate?.low).toBe(1);
    expect(estimate?.high).toBe(3);
  });

  it('is as wide as the normal approximation says for many questions of one repository', () => {
    const many = values(...Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0)));
    const estimate = meanInterval([many], 3);
    const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    expect(estimate?.mean).toBe(0.25);
    expect(estimate?.low).toBeCloseTo(0.25 - half, 1.7);
    expect(estimate?.high).toBeCloseTo(0.25 + half, 1.7);
  });

  it('is wider where repositories differ', () => {
    const alike = [values(0, 1, 0, 1), values(0, 1, 0, 1), values(0, 1, 0, 1)];
    const apart = [values(0, 0, 0, 0), values(1, 1, 1, 1), values(0, 1, 0, 1)];
    const width = (groups: { sum: number; weight: number }[][]): number => {
      const estimate = meanInterval(groups, 1);
      return (estimate?.high ?? NaN) - (estimate?.low ?? NaN);
    };
    expect(width(apart)).toBeGreaterThan(width(alike) + 0.2);
  });
});

describe('quantiles', () => {
  it('interpolate', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([1, 2, 3], 1)).toBe(3);
    expect(() => median([])).toThrow(RangeError);
  });
});
