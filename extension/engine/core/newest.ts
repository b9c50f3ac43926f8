/** Runs only the newest piece of work of one kind. */
export class Newest {
  #running: AbortController | null = null;

  /**
   * Cancels the previous work and runs this.
   * @param signal also cancels it
   * @returns what the work returns. @throws what it throws
   */
  async run<T>(signal: AbortSignal, work: (either: AbortSignal) => Promise<T>): Promise<T> {
    this.cancel();
    const running = new AbortController();
    this.#running = running;
    try {
      return await work(AbortSignal.any([signal, running.signal]));
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }

  /** Cancels the current work. */
  cancel(): void {
    this.#running?.abort();
  }
}
