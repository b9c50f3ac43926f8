import { describe, expect, it } from 'vitest';
import { median, quantile, ratioInterval, ratioOf, wilsonInterval } from './statistics.ts';

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

describe('quantiles', () => {
  it('interpolate', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([1, 2, 3], 1)).toBe(3);
    expect(() => median([])).toThrow(RangeError);
  });
});
