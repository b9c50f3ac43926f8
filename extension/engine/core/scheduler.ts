/**
 * The engine's only queue. Jobs never overlap; a job of a higher priority runs first. A long job
 * (reading a repository) yields between steps with {@link Turn.yield}; an idle job is cancelled as
 * soon as another job arrives.
 */

import { cancelled, throwIfCancelled, toEngineError } from './errors.ts';

export type Priority = 'completion' | 'chat' | 'ingestion' | 'idle';

const ranks: Readonly<Record<Priority, number>> = {
  completion: 0,
  chat: 1,
  ingestion: 2,
  idle: 3,
};

/** The turn of a running job in the queue. */
export interface Turn {
  /** Fires when the job's caller cancels it, when a newer job replaces it, and at the end. */
  readonly signal: AbortSignal;
  /**
   * Runs all waiting jobs of a higher priority, then returns. The caller must own nothing
   * meanwhile: the tail is empty before and after.
   * @throws EngineError `cancelled`
   */
  yield(): Promise<void>;
}

interface Job {
  readonly priority: Priority;
  readonly controller: AbortController;
  readonly run: (turn: Turn) => Promise<void>;
  readonly refuse: (reason: unknown) => void;
}

/** Decides which job runs when. */
export class Scheduler {
  readonly #waiting: Job[] = [];
  readonly #running: Job[] = [];
  readonly #onIdle: () => void;
  #closed = false;
  #idle: Promise<void> = Promise.resolve();

  /** @param onIdle is called whenever a job has ended and none waits. */
  constructor(onIdle: () => void = () => undefined) {
    this.#onIdle = onIdle;
  }

  /** The priorities of the running jobs, outermost first; empty when idle. */
  get running(): readonly Priority[] {
    return this.#running.map((job) => job.priority);
  }

  /**
   * Queues a job and waits for it.
   * @param signal cancels the job, waiting or running.
   * @returns what the job returns.
   * @throws EngineError `cancelled` if the signal fired before the job began, a newer completion
   *   replaced it, another job arrived (for an idle job), or the queue was closed; else what the
   *   job throws, as an EngineError.
   */
  async schedule<T>(
    priority: Priority,
    signal: AbortSignal,
    run: (turn: Turn) => Promise<T>,
  ): Promise<T> {
    throwIfCancelled(signal);
    if (this.#closed) throw cancelled();
    if (priority === 'completion') this.#cancelAll('completion');
    this.#cancelAll('idle');
    const controller = new AbortController();
    const abort = (): void => {
      controller.abort(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<T>((resolve, reject) => {
        const job: Job = {
          priority,
          controller,
          run: async (turn) => {
            try {
              resolve(await run(turn));
            } catch (error) {
              reject(toEngineError(error));
            }
          },
          refuse: (reason) => {
            reject(cancelled(reason));
          },
        };
        controller.signal.addEventListener('abort', () => {
          if (this.#withdraw(job)) job.refuse(controller.signal.reason);
        });
        this.#waiting.push(job);
        this.#start();
      });
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Cancels everything, accepts no more jobs, and resolves when the last one has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const priority of ['completion', 'chat', 'ingestion', 'idle'] as const) {
      this.#cancelAll(priority);
    }
    await this.#idle;
  }

  #start(): void {
    if (this.#running.length > 0) return;
    const job = this.#next(Number.POSITIVE_INFINITY);
    if (job === undefined) return;
    this.#idle = this.#run(job).then(() => {
      this.#start();
      if (this.#running.length === 0 && !this.#closed) this.#onIdle();
      return this.#running.length > 0 ? this.#idle : undefined;
    });
  }

  async #run(job: Job): Promise<void> {
    this.#running.push(job);
    try {
      await job.run({
        signal: job.controller.signal,
        yield: () => this.#yield(job),
      });
    } finally {
      this.#running.pop();
    }
  }

  async #yield(job: Job): Promise<void> {
    // Process messages that arrived during the last step before checking the queue.
    await new Promise((resolve) => setImmediate(resolve));
    let next = this.#next(ranks[job.priority]);
    while (next !== undefined) {
      await this.#run(next);
      next = this.#next(ranks[job.priority]);
    }
    throwIfCancelled(job.controller.signal);
  }

  /** Removes the oldest of the most urgent jobs from the queue, if it is above a rank. */
  #next(below: number): Job | undefined {
    let best: Job | undefined;
    for (const job of this.#waiting) {
      if (ranks[job.priority] < (best === undefined ? below : ranks[best.priority])) best = job;
    }
    if (best !== undefined) this.#withdraw(best);
    return best;
  }

  #withdraw(job: Job): boolean {
    const index = this.#waiting.indexOf(job);
    if (index < 0) return false;
    this.#waiting.splice(index, 1);
    return true;
  }

  #cancelAll(priority: Priority): void {
    for (const job of [...this.#waiting, ...this.#running]) {
      if (job.priority === priority) job.controller.abort();
    }
  }
}
