import { median } from '../quality/statistics.ts';

/** Two engines, timed alternately on the same work. */
export interface Comparison {
  readonly work: string;
  /** The seconds of each round. */
  readonly ours: readonly number[];
  readonly stock: readonly number[];
  /** The median over the rounds of our time divided by the other's. */
  readonly timeRatio: number;
}

/**
 * Times both alternately and swaps the order each round, so that a temporary slowdown of the
 * machine affects both.
 */
export async function compare(
  work: string,
  rounds: number,
  ours: () => Promise<number>,
  stock: () => Promise<number>,
): Promise<Comparison> {
  const times: { ours: number; stock: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) {
      const first = await ours();
      times.push({ ours: first, stock: await stock() });
    } else {
      const first = await stock();
      times.push({ ours: await ours(), stock: first });
    }
  }
  return {
    work,
    ours: times.map((time) => time.ours),
    stock: times.map((time) => time.stock),
    timeRatio: median(times.map((time) => time.ours / time.stock)),
  };
}

/** A limit for a measured value, and whether it holds. */
export interface Guard {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly holds: boolean;
}

/** The value may equal the limit. NaN never holds. */
export function atMost(name: string, value: number, limit: number): Guard {
  return { name, value, limit, holds: value <= limit };
}
