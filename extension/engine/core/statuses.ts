/** What an engine is doing. */

import type { EngineStatus } from '../../protocol/notifications/state.ts';

/** One job inside another, as the queue runs them: the innermost is what is told. */
export class Statuses {
  readonly #running: EngineStatus[] = [];
  /** Tells what is done now; called when a job has begun or ended. */
  readonly tell: () => void;

  constructor(tell: () => void) {
    this.tell = tell;
  }

  /** null while nothing runs. */
  get current(): EngineStatus | null {
    return this.#running.at(-1) ?? null;
  }

  /** Does work under a status. @throws what the work throws */
  async during<T>(status: EngineStatus, work: () => Promise<T>): Promise<T> {
    this.#running.push(status);
    this.tell();
    try {
      return await work();
    } finally {
      this.#running.pop();
      this.tell();
    }
  }
}
