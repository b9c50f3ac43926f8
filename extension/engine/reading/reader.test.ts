import { describe, expect, it } from 'vitest';
import { readingCost } from './reader.ts';

describe('readingCost', () => {
  it('weighs what attending takes against what the weights take', () => {
    // As the bundled model is, whose tokens take 2.7 times as long behind 2,000 others.
    const tiny = { layers: 6, heads: 4, headSize: 64, embedding: 256, vocabulary: 2_048 };
    const ofTiny = readingCost({ ...tiny, parameters: 4_100_000 }, 2_000);
    expect(ofTiny.heldTokens).toBe(2_000);
    expect(1 + 2_000 * ofTiny.perHeldToken).toBeCloseTo(2.7, 1);
    // With seven thousand million parameters a token behind 16,000 takes two thirds more.
    const large = { layers: 32, heads: 32, headSize: 128, embedding: 4_096, vocabulary: 32_000 };
    const ofLarge = readingCost({ ...large, parameters: 6_738_000_000 }, 16_000);
    expect(1 + 16_000 * ofLarge.perHeldToken).toBeCloseTo(1.6, 1);
  });

  it('is positive and finite for a model that is nearly all vocabulary', () => {
    const odd = { layers: 1, heads: 1, headSize: 8, embedding: 64, vocabulary: 100_000 };
    const { perHeldToken } = readingCost({ ...odd, parameters: 6_400_000 }, 1_000);
    expect(perHeldToken).toBeGreaterThan(0);
    expect(perHeldToken).toBeLessThan(1);
  });
});
