/** Of one kind of work, at most one at a time. */
export class Newest {
  #running: AbortController | null = null;

  /**
   * Cancels the work before and does this.
   * @param signal cancels it, too
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

  /** Cancels what runs. */
  cancel(): void {
    this.#running?.abort();
  }
}
