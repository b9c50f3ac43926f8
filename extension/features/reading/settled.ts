/** A value that is typed or dragged changes many times before it is what the user wants. */

/** Shorter than anyone waits for, longer than between two keys. */
const quietMs = 300;

/** Does the work once nothing has called for it for a moment. */
export class Settled {
  readonly #work: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(work: () => void) {
    this.#work = work;
  }

  /** Calls for the work; what was called for before waits, too. */
  call(): void {
    this.dispose();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#work();
    }, quietMs);
  }

  /** The work is not done any more. */
  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
