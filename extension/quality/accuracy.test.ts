import { describe, expect, it } from 'vitest';
import { accuracyOf } from './accuracy.ts';

function scores(exact: number, probes: number): Parameters<typeof accuracyOf>[0] {
  return Array.from({ length: probes }, (_, index) => ({
    exact: index < exact,
    negativeLogLikelihood: 3,
    tokens: index % 2 === 0 ? 2 : 4,
  }));
}

describe('accuracyOf', () => {
  it('agrees with a table of the Wilson interval', () => {
    const { share, low, high } = accuracyOf(scores(5, 10));
    expect(share).toBe(0.5);
    expect(low).toBeCloseTo(0.2366, 4);
    expect(high).toBeCloseTo(0.7634, 4);
    expect(accuracyOf(scores(0, 10)).high).toBeCloseTo(0.2775, 4);
    expect(accuracyOf(scores(10, 10))).toMatchObject({ share: 1, high: 1 });
  });

  it('weighs the loss by tokens, not by questions', () => {
    expect(accuracyOf(scores(0, 10)).natsPerToken).toBeCloseTo(1, 10);
  });

  it('refuses nothing', () => {
    expect(() => accuracyOf([])).toThrow(RangeError);
  });
});
