import { describe, expect, it } from 'vitest';
import { atMost, compare } from './comparison.ts';

describe('compare', () => {
  it('takes turns and forms the ratio within each round', async () => {
    const order: string[] = [];
    const timer = (name: string, seconds: number[]) => (): Promise<number> => {
      order.push(name);
      return Promise.resolve(seconds.shift() ?? NaN);
    };
    const result = await compare('work', 3, timer('ours', [1, 30, 5]), timer('stock', [2, 20, 10]));
    expect(order).toEqual(['ours', 'stock', 'stock', 'ours', 'ours', 'stock']);
    expect(result).toEqual({
      work: 'work',
      ours: [1, 30, 5],
      stock: [2, 20, 10],
      timeRatio: 0.5,
    });
  });
});

describe('atMost', () => {
  it('holds up to its limit, and never for what is no number', () => {
    expect(atMost('a', 1, 1).holds).toBe(true);
    expect(atMost('a', 1.01, 1).holds).toBe(false);
    expect(atMost('a', NaN, 1).holds).toBe(false);
  });
});
