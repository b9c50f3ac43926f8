/** Tries how a model completes best, while the engine is idle. */

import { isCancellation } from '../core/errors.ts';
import { PromptWindow } from '../prompt/prompt-window.ts';
import type { Repository } from '../memory/repository.ts';
import type { Scheduler } from '../core/scheduler.ts';

/** A question often follows as soon as a repository is open. */
const waitMs = 1_000;

const never = new AbortController().signal;

/** Runs the trial of the open repository's model once; any other job interrupts it. */
export class CompletionTrial {
  readonly #scheduler: Scheduler;
  readonly #repository: () => Repository | null;
  #timer: NodeJS.Timeout | null = null;
  /** The repository whose model could not be tried; the format follows from the model's name. */
  #failed: Repository | null = null;

  /** @param repository returns the open one, or null. */
  constructor(scheduler: Scheduler, repository: () => Repository | null) {
    this.#scheduler = scheduler;
    this.#repository = repository;
  }

  /** Call when the queue is empty. */
  onIdle(): void {
    this.stop();
    if (this.#untried() === null) return;
    this.#timer = setTimeout(() => void this.#run(), waitMs).unref();
  }

  /** Begins nothing more until the queue is empty again. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #run(): Promise<void> {
    // Another job is running; its end triggers this again.
    if (this.#scheduler.running.length > 0) return;
    try {
      await this.#scheduler.schedule('idle', never, async ({ signal }) => {
        const repository = this.#untried();
        if (repository === null) return;
        const { addon, model, formats, tails } = repository;
        const target = { addon, model, formats, tail: tails.measuring };
        const { capacity } = tails.completion;
        const window = new PromptWindow();
        await formats.completion.tryOut({ ...target, tailCapacity: capacity, window }, signal);
      });
    } catch (error) {
      if (!isCancellation(error)) this.#failed = this.#repository();
    }
  }

  #untried(): Repository | null {
    const repository = this.#repository();
    const wanted =
      repository !== null && repository !== this.#failed && repository.report.streamTokens > 0;
    return wanted && !repository.formats.completion.tried ? repository : null;
  }
}
