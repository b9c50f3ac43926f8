/** What a benchmark asks of a memory. */

export const taskNames = ['recall', 'loss', 'copy', 'needle'] as const;
export type TaskName = (typeof taskNames)[number];

interface Item {
  readonly kind: string;
  /** Where the repository states it, for the depth; lines from 1. */
  readonly path: string;
  readonly line: number;
}

/** A question in words. */
export interface Asked extends Item {
  readonly task: 'recall' | 'needle';
  readonly question: string;
  /** All of them belong to a right answer. */
  readonly answers: readonly string[];
  /** False for kinds that are reported but not part of the headline. */
  readonly headline: boolean;
}

/** Code that goes on as something in the repository says; the file it is in was not read. */
export interface Continued extends Item {
  readonly task: 'loss' | 'copy';
  readonly heldOutPath: string;
  readonly prefix: string;
  readonly expected: string;
}

export type BenchmarkItem = Asked | Continued;

/** A repository in memory, and what is asked about it. */
export interface Benchmark {
  readonly name: string;
  /** Text by path, in the order of the paths. */
  readonly files: ReadonlyMap<string, string>;
  readonly items: readonly BenchmarkItem[];
}
