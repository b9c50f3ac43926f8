/** The figures of the memory that the engine holds, and whether it holds that one still. */

import type { OpenParameters, OpenResult } from '../protocol/requests/open.ts';

/**
 * A memory is known by its number, which the engine tells whenever it changes: the figures of one
 * are never shown for another, whole or partial.
 */
export class HeldResult {
  #result: OpenResult | null = null;
  #readWith: OpenParameters | null = null;
  #number = 0;
  /** What the engine told last. */
  #told = 0;

  /** The figures, where the engine still holds their memory. */
  get result(): OpenResult | null {
    return this.#number === this.#told ? this.#result : null;
  }

  /** What the memory was read with that was known last; null where none was. */
  get readWith(): OpenParameters | null {
    return this.#readWith;
  }

  /** The figures that just arrived from the engine, of the memory that it holds now. */
  keep(result: OpenResult, readWith: OpenParameters | null): void {
    this.#result = result;
    this.#readWith = readWith;
    this.#number = this.#told;
  }

  /** The engine tells which memory it holds. @returns whether it has given up the one known here. */
  told(number: number): boolean {
    this.#told = number;
    const gone = number === 0 && this.#result !== null;
    if (gone) this.#result = null;
    return gone;
  }

  /** The engine is gone, and its memory with it. */
  forget(): void {
    this.#result = null;
    this.#number = 0;
    this.#told = 0;
  }
}
