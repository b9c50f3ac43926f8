import { describe, expect, it } from 'vitest';
import type { Origin } from './places.ts';
import { summarise } from './summary.ts';
import type { Compared, Losses } from './summary.ts';

const losses = (...places: (readonly number[])[]): Losses =>
  places.map((one) => ({
    origin: 'held-out',
    losses: [...one],
    greedy: one.every((nats) => nats < 2),
  }));
const mean = (
  of: Compared[],
  what: 'loss' | 'gain' | 'kept',
  origin: Origin = 'held-out',
): number => summarise(of, origin, 1)[what]?.mean ?? NaN;

describe('summarise', () => {
  const none = losses([4, 6], [8]);
  const full = losses([1, 5.5], [1]);
  const policy = losses([3, 6], [2]);

  it('gives nats a token, over tokens and not over places', () => {
    const { loss, gain, tokens } = summarise([{ none, full, policy }], 'held-out', 1);
    expect(loss?.mean).toBeCloseTo(11 / 3);
    expect(gain?.mean).toBeCloseTo(7 / 3);
    expect(tokens).toBe(3);
  });

  it('counts as kept the share of the gain at key tokens', () => {
    // The key tokens are the first of the first place (4 to 1) and the one of the second (8 to 1).
    const { kept, keyTokens } = summarise([{ none, full, policy }], 'held-out', 1);
    expect(keyTokens).toBe(2);
    expect(kept?.mean).toBeCloseTo((1 + 6) / (3 + 7));
  });

  it.each([
    ['gains little from everything', [2.9], [1]],
    ['is a surprise with everything', [9], [2.1]],
  ])('takes no token for a key token that %s', (_, without, best) => {
    const of = { none: losses(without), full: losses(best), policy: losses(best) };
    expect(summarise([of], 'held-out', 1)).toMatchObject({ kept: null, keyTokens: 0 });
  });

  it.each([
    ['none is kept', none, 0],
    ['all is kept', full, 1],
    ['it is worse than without', losses([7, 6], [8]), -0.3],
  ])('is %s: a share of %#', (_, of, expected) => {
    expect(mean([{ none, full, policy: of }], 'kept')).toBeCloseTo(expected);
  });

  it('has no share where not everything could be held, and the loss all the same', () => {
    expect(summarise([{ none, full: null, policy }], 'held-out', 1)).toMatchObject({
      kept: null,
      keyTokens: 0,
      tokens: 3,
    });
    expect(mean([{ none, full: null, policy }], 'loss')).toBeCloseTo(11 / 3);
  });

  it('keeps origins apart', () => {
    const mixed = (a: number, b: number): Losses => [
      { origin: 'held-out', losses: [a], greedy: false },
      { origin: 'read', losses: [b], greedy: false },
    ];
    const of = [{ none: mixed(5, 9), full: null, policy: mixed(4, 6) }];
    expect([mean(of, 'gain'), mean(of, 'gain', 'read')]).toEqual([1, 3]);
    expect([mean(of, 'loss'), mean(of, 'loss', 'read')]).toEqual([4, 6]);
  });

  it('gives an interval that holds the mean, wider where repositories differ', () => {
    const alike = [3, 3, 3].map((nats) => ({ none, full, policy: losses([nats, nats], [nats]) }));
    const apart = [1, 3, 5].map((nats) => ({ none, full, policy: losses([nats, nats], [nats]) }));
    const width = (of: Compared[]): number => {
      const { loss } = summarise(of, 'held-out', 1);
      if (loss === null) throw new Error('No estimate.');
      expect(loss.low).toBeLessThanOrEqual(loss.mean);
      expect(loss.high).toBeGreaterThanOrEqual(loss.mean);
      return loss.high - loss.low;
    };
    expect(width(alike)).toBeCloseTo(0);
    expect(width(apart)).toBeGreaterThan(1);
  });

  it('refuses losses of different tokens', () => {
    expect(() => summarise([{ none, full, policy: losses([1], [2]) }], 'held-out', 1)).toThrow(
      'different tokens',
    );
  });
});
