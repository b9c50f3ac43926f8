import { describe, expect, it } from 'vitest';
import { growthOf } from './constant-memory.ts';

describe('growthOf', () => {
  const samples = (bytes: (chunk: number) => number): { tokens: number; residentBytes: number }[] =>
    Array.from({ length: 401 }, (_, chunk) => ({
      tokens: (chunk + 1) * 512,
      residentBytes: bytes(chunk),
    }));

  it('compares the tenth chunk with the largest after it', () => {
    const { growth, chunks, contexts } = growthOf(
      samples((chunk) => (chunk < 9 ? 1000 : chunk === 300 ? 108 : 100)),
    );
    expect(growth).toBeCloseTo(0.08);
    expect(chunks).toBe(401);
    expect(contexts).toBeCloseTo(50.1, 1);
  });

  it('says nothing about a short repository', () => {
    expect(() => growthOf(samples(() => 100).slice(0, 300))).toThrow('Only 153600 tokens');
  });
});
