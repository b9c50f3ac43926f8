/** Summarises the token losses of a policy. */
import { meanInterval } from '../../statistics.ts';
import type { Estimate, Weighted } from '../../statistics.ts';
import type { Origin } from './places.ts';

/** The nats of each token of one place. */
interface PlaceLosses {
  readonly origin: Origin;
  readonly losses: number[];
  /** Whether the expected tokens are the model's most likely ones. */
  readonly greedy: boolean;
}

/** The losses of one arm of one repository; all arms have the same order of places. */
export type Losses = PlaceLosses[];

/** A repository without memory, with everything held, and with a policy's memory. */
export interface Compared {
  readonly none: Losses;
  /** Null if the model cannot hold everything. */
  readonly full: Losses | null;
  readonly policy: Losses;
}

export interface Summary {
  /** Nats per token. */
  readonly loss: Estimate | null;
  /** The decrease compared with no memory. */
  readonly gain: Estimate | null;
  /** The policy's share of the full memory's gain at key tokens; null if there are none. */
  readonly kept: Estimate | null;
  /** The share of places where all tokens are the most likely; `rightGain` is its increase. */
  readonly right: Estimate | null;
  readonly rightGain: Estimate | null;
  readonly places: number;
  readonly tokens: number;
  readonly keyTokens: number;
}

/** At a key token, holding everything gains at least this much ... */
const leastGain = 2;
/** ... and the loss is then at most this. Both in nats. */
const mostLoss = 2;

/**
 * Summarises the places of one origin. Intervals are bootstrapped over repositories, then over
 * places within each.
 * @param repositories with losses of the same places and tokens
 * @throws Error if they differ
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
