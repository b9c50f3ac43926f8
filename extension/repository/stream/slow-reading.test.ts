/** The time that is left of readings by slow models: a chunk takes seconds. */

import { describe, expect, it } from 'vitest';
import { ProgressMeter } from './progress-meter.ts';
import type { ReadingCost } from './progress-meter.ts';

const chunkTokens = 512;
const totalTokens = 60_000;
const heldTokens = 6_000;

/** Tokens per second once so many tokens are held. */
type Speed = (held: number) => number;

const constant: Speed = () => 80;
/** From 80 to 50. */
const falling: Speed = (held) => 80 - (30 * held) / heldTokens;

/** By how much longer a token takes when the memory is full: from 80 to 50. */
const fallingCost: ReadingCost = { heldTokens, perHeldToken: (80 / 50 - 1) / heldTokens };

interface Simulation {
  readonly speed: Speed;
  readonly cost?: ReadingCost;
  /** Seconds of a pause in the middle of a chunk, by the chunk's number. */
  readonly pauses?: Readonly<Record<number, number>>;
  readonly chunk?: number;
}

interface Told {
  readonly seconds: number;
  readonly end: number | null;
}

/** What a meter says after each chunk, and when the reading ended. */
function simulate({ speed, cost, pauses = {}, chunk = chunkTokens }: Simulation): {
  readonly told: readonly Told[];
  readonly end: number;
} {
  let seconds = 0;
  const meter = new ProgressMeter(1, 4 * totalTokens, totalTokens, () => 1000 * seconds, cost);
  const told: Told[] = [];
  for (let done = 0, index = 0; done < totalTokens; index++) {
    const tokens = Math.min(chunk, totalTokens - done);
    seconds += tokens / speed(Math.min(heldTokens, done)) + (pauses[index] ?? 0);
    done += tokens;
    meter.advance(tokens);
    const { etaSeconds } = meter.report();
    told.push({ seconds, end: etaSeconds === null ? null : seconds + etaSeconds });
  }
  return { told, end: seconds };
}

/** The largest factor by which what is told is wrong, from five seconds on; unknown is infinitely so. */
function worstFactor({ told, end }: ReturnType<typeof simulate>): number {
  const factors = told
    .filter(({ seconds }) => seconds >= 5)
    .map((each) => (each.end === null ? Infinity : Math.max(each.end / end, end / each.end)));
  return Math.max(...factors);
}

describe('the time that is left with a slow model', () => {
  it('is exact at a constant speed', () => {
    expect(worstFactor(simulate({ speed: constant }))).toBeCloseTo(1);
    expect(worstFactor(simulate({ speed: constant, chunk: 32 }))).toBeCloseTo(1);
  });

  it('foresees that the speed falls until the memory is full', () => {
    expect(worstFactor(simulate({ speed: falling, cost: fallingCost }))).toBeLessThan(1.1);
    expect(worstFactor(simulate({ speed: falling }))).toBeGreaterThan(1.4);
  });

  it.each([0.5, 1.5])('bears it that a held token costs %f times what was thought', (factor) => {
    const cost = { heldTokens, perHeldToken: fallingCost.perHeldToken * factor };
    expect(worstFactor(simulate({ speed: falling, cost }))).toBeLessThan(1.3);
  });

  it('foresees it where everything is held', () => {
    const all = 80 / 40 - 1;
    const cost = { heldTokens: totalTokens, perHeldToken: all / totalTokens };
    let done = 0;
    const speed: Speed = () => 80 / (1 + (all * (done += chunkTokens)) / totalTokens);
    expect(worstFactor(simulate({ speed, cost }))).toBeLessThan(1.1);
  });

  it.each([
    ['early', { 2: 30 }],
    ['soon after the first chunk', { 1: 30 }],
    ['in the first chunk', { 0: 30 }],
    ['late', { 60: 90 }],
    ['twice', { 5: 60, 8: 60 }],
  ])('does not take a pause by another process for the speed: %s', (_, pauses) => {
    const { told, end } = simulate({ speed: constant, pauses });
    // What a pause takes is known when it is over, and whether it is one after another chunk.
    const last = Math.max(...Object.keys(pauses).map(Number));
    const after = told.slice(Math.max(last, 1));
    expect(worstFactor({ told: after, end })).toBeLessThan(1.05);
  });

  it('follows a machine that stays slow', () => {
    let chunk = 0;
    const { told, end } = simulate({ speed: () => (chunk++ < 20 ? 80 : 20) });
    expect(worstFactor({ told: told.slice(40), end })).toBeLessThan(1.05);
  });
});
