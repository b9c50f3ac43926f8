/** Progress of a tool call, as the protocol has it: numbers that only grow, of 100. */

/** How often a client hears of progress that is only a little more. */
const quietMs = 250;

/** One step of progress. */
export interface CallProgress {
  readonly progress: number;
  readonly total: 100;
  readonly message: string;
}

/** Turns what a call does into steps; leaves out those that come too soon. */
export class ProgressSteps {
  readonly #now: () => number;
  #progress = 0;
  #message = '';
  #doing = '';
  #toldAt = -Infinity;

  /** @param now the time in milliseconds, from any fixed origin */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * The next step.
   * @param doing what is done, such as "Reading"; another one is told at once
   * @param share of the whole, in [0, 1]
   * @param message one line
   * @returns null where there is nothing new, or it comes too soon
   */
  next(doing: string, share: number, message: string): CallProgress | null {
    const now = this.#now();
    if (message === this.#message) return null;
    if (doing === this.#doing && now - this.#toldAt < quietMs) return null;
    this.#doing = doing;
    this.#message = message;
    this.#toldAt = now;
    // Estimates change, and a protocol that wants more each time gets a little more.
    this.#progress = Math.max(this.#progress + 0.001, Math.min(99, share * 99));
    return { progress: this.#progress, total: 100, message };
  }
}
