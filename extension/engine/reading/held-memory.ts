/** The memory that answers: what it was made with, and a number that tells it from every other. */

import { EngineError } from '../core/errors.ts';
import type { Basis, Outcome } from './opening.ts';
import type { Repository } from '../memory/repository.ts';

/** What was read, once it was. */
export interface FinishedReading {
  readonly basis: Basis;
  readonly outcome: Outcome;
  /** Questions that the model answers. */
  readonly suggestions: readonly string[];
}

interface Held {
  readonly repository: Repository;
  /** Whether it was read with the bundled model. */
  readonly bundled: boolean;
  readonly number: number;
}

/** At most one memory; it owns it. */
export class HeldMemory {
  #held: Held | null = null;
  #read: FinishedReading | null = null;
  #made = 0;

  /** The memory, complete or being read for the first time; null where there is none. */
  get repository(): Repository | null {
    return this.#held?.repository ?? null;
  }

  /** Which memory this is: each has a number of its own, from 1. 0: none. */
  get number(): number {
    return this.#held?.number ?? 0;
  }

  /** 0 where nothing is held. */
  get budgetTokens(): number {
    return this.#held?.repository.budgetTokens ?? 0;
  }

  /** Whether the bundled model read it. */
  get bundled(): boolean {
    return this.#held?.bundled ?? false;
  }

  /** What came of the reading; null before its end. */
  get read(): FinishedReading | null {
    return this.#read;
  }

  /** Bytes of keys and values. */
  get bytes(): number {
    return this.#held?.repository.report.physicalBytes ?? 0;
  }

  /** @throws EngineError `not-open` where there is nothing to ask. */
  opened(): Repository {
    const { repository } = this;
    if (repository === null || repository.report.streamTokens === 0) throw notOpen();
    return repository;
  }

  /** Takes a memory, in place of the one before, which is disposed of. */
  hold(repository: Repository, bundled: boolean): void {
    this.release();
    this.#held = { repository, bundled, number: ++this.#made };
  }

  /** To be called when what is held has been read. */
  finish(read: FinishedReading): void {
    this.#read = read;
  }

  /** Puts the memory of a second reading in place of the first. */
  replace(outcome: Outcome): FinishedReading {
    if (this.#held === null || this.#read === null) throw notOpen();
    const { bundled } = this.#held;
    const read = { ...this.#read, outcome };
    this.hold(outcome.repository, bundled);
    this.#read = read;
    return read;
  }

  /** Disposes of it. */
  release(): void {
    this.#held?.repository.dispose();
    this.#held = null;
    this.#read = null;
  }
}

/** The failure of a request before anything was read. */
export function notOpen(): EngineError {
  return new EngineError('not-open', 'Nothing has been read yet. Open a repository first.');
}
