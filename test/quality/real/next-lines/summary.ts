/** What losses of tokens say of a policy. */
import { meanInterval } from '../../statistics.ts';
import type { Estimate, Weighted } from '../../statistics.ts';
import type { Origin } from './places.ts';

/** Nats of each token of one place. */
interface PlaceLosses {
  readonly origin: Origin;
  readonly losses: number[];
  /** Whether the model's likeliest tokens are the expected ones. */
  readonly greedy: boolean;
}

/** One memory of one repository, or a reference: places in the same order everywhere. */
export type Losses = PlaceLosses[];

/** A repository without memory, with all of it, and with one held by a policy. */
export interface Compared {
  readonly none: Losses;
  /** Null where all of it is more than the model takes. */
  readonly full: Losses | null;
  readonly policy: Losses;
}

export interface Summary {
  /** Nats a token. */
  readonly loss: Estimate | null;
  /** How much less that is than without memory. */
  readonly gain: Estimate | null;
  /** Of the gain of everything held at key tokens, the share that the policy has; null: no such token. */
  readonly kept: Estimate | null;
  /** The share of places at which every token is the likeliest, and how much more that is than without. */
  readonly right: Estimate | null;
  readonly rightGain: Estimate | null;
  readonly places: number;
  readonly tokens: number;
  readonly keyTokens: number;
}

/** A token is a key token where holding everything gains this much ... */
const leastGain = 2;
/** ... and the token is then no surprise. Nats, both. */
const mostLoss = 2;

/**
 * Sums up places of one origin. Intervals are bootstrapped over repositories, and places within each.
 * @param repositories in each, all losses are of the same places and tokens
 * @throws Error where they are not
 */
export function summarise(
  repositories: readonly Compared[],
  origin: Origin,
  seed: number,
): Summary {
  const loss: Weighted[][] = [];
  const gain: Weighted[][] = [];
  const kept: Weighted[][] = [];
  const right: Weighted[][] = [];
  const rightGain: Weighted[][] = [];
  let keyTokens = 0;
  for (const { none, full, policy } of repositories) {
    const of = (weigh: (index: number) => Weighted): Weighted[] =>
      policy.flatMap((place, index) => (place.origin === origin ? [weigh(index)] : []));
    const isRight = (losses: Losses, index: number): number => Number(losses[index]?.greedy);
    right.push(of((index) => ({ sum: isRight(policy, index), weight: 1 })));
    rightGain.push(
      of((index) => ({ sum: isRight(policy, index) - isRight(none, index), weight: 1 })),
    );
    loss.push(of((index) => rate(lossesAt(policy, index))));
    gain.push(of((index) => rate(less(lossesAt(none, index), lossesAt(policy, index)))));
    if (full === null) continue;
    const shares = of((index) => {
      const without = lossesAt(none, index);
      const best = less(without, lossesAt(full, index));
      const own = less(without, lossesAt(policy, index));
      const isKey = lossesAt(full, index).map(
        (nats, token) => nats <= mostLoss && (best[token] ?? 0) >= leastGain,
      );
      keyTokens += isKey.filter(Boolean).length;
      const keyOnly = (_: number, token: number): boolean => isKey[token] === true;
      return { sum: total(own.filter(keyOnly)), weight: total(best.filter(keyOnly)) };
    });
    kept.push(shares.filter(({ weight }) => weight > 0));
  }
  const tokens = loss.flat().reduce((sum, { weight }) => sum + weight, 0);
  return {
    loss: meanInterval(loss, seed),
    gain: meanInterval(gain, seed),
    kept: meanInterval(kept, seed),
    right: meanInterval(right, seed),
    rightGain: meanInterval(rightGain, seed),
    places: right.flat().length,
    tokens,
    keyTokens,
  };
}

function lossesAt(of: Losses, index: number): readonly number[] {
  return of[index]?.losses ?? [];
}

function rate(values: readonly number[]): Weighted {
  return { sum: total(values), weight: values.length };
}

function less(from: readonly number[], what: readonly number[]): number[] {
  if (from.length !== what.length) throw new Error('Losses of different tokens are compared.');
  return from.map((value, index) => value - (what[index] ?? 0));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
