/** The figures of the memory that the engine holds, and whether it still holds it. */

import type { OpenParameters, OpenResult } from '../protocol/requests/open.ts';

/**
 * Identifies a memory by its number, which the engine reports whenever it changes. So the figures
 * of a memory are never shown for another one, complete or partial.
 */
export class HeldResult {
  #result: OpenResult | null = null;
  #readWith: OpenParameters | null = null;
  #number = 0;
  /** The number that the engine reported last. */
  #told = 0;

  /** The figures, if the engine still holds their memory. */
  get result(): OpenResult | null {
    return this.#number === this.#told ? this.#result : null;
  }

  /** The parameters of the last known memory; null if there was none. */
  get readWith(): OpenParameters | null {
    return this.#readWith;
  }

  /** Stores figures that just arrived, of the memory that the engine holds now. */
  keep(result: OpenResult, readWith: OpenParameters | null): void {
    this.#result = result;
    this.#readWith = readWith;
    this.#number = this.#told;
  }

  /** Records which memory the engine holds. @returns whether it released the one known here. */
  told(number: number): boolean {
    this.#told = number;
    const gone = number === 0 && this.#result !== null;
    if (gone) this.#result = null;
    return gone;
  }

  /** Forgets the memory, because the engine has gone. */
  forget(): void {
    this.#result = null;
    this.#number = 0;
    this.#told = 0;
  }
}
