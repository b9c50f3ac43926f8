import { describe, expect, it } from 'vitest';
import { surprise } from './likelihood.ts';

describe('surprise', () => {
  it('is the logarithm of one over the softmax', () => {
    const logits = Float32Array.of(1, 2, 3);
    const sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
    for (const token of [0, 1, 2]) {
      expect(surprise(logits, token)).toBeCloseTo(Math.log(sum / Math.exp(token + 1)), 12);
    }
  });

  it('does not overflow', () => {
    expect(surprise(Float32Array.of(3e4, 3e4, -3e4), 1)).toBeCloseTo(Math.log(2), 12);
    expect(surprise(Float32Array.of(3e4, 3e4, -3e4), 2)).toBeCloseTo(6e4 + Math.log(2), 6);
  });

  it('refuses a token that there is not', () => {
    expect(() => surprise(Float32Array.of(1), 1)).toThrow(RangeError);
  });
});
