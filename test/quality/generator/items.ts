/** The items of a benchmark. */

export const taskNames = ['recall', 'loss', 'copy', 'needle'] as const;
export type TaskName = (typeof taskNames)[number];

interface Item {
  readonly kind: string;
  /** Where the repository states it, for the depth; lines count from 1. */
  readonly path: string;
  readonly line: number;
}

/** A question in words. */
export interface Asked extends Item {
  readonly task: 'recall' | 'needle';
  readonly question: string;
  /** A right answer contains all of them. */
  readonly answers: readonly string[];
  /** False for kinds that are reported outside the headline. */
  readonly headline: boolean;
}

/** Code whose continuation depends on the repository; its own file was not read. */
export interface Continued extends Item {
  readonly task: 'loss' | 'copy';
  readonly heldOutPath: string;
  readonly prefix: string;
  readonly expected: string;
}

export type BenchmarkItem = Asked | Continued;

/** A repository in memory, and its items. */
export interface Benchmark {
  readonly name: string;
  /** Text by path, ordered by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly items: readonly BenchmarkItem[];
}
