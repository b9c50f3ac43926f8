/** The tokens of a model by their bytes. */

import type { NativeModel } from '../native/contract.ts';

interface Word {
  readonly token: number;
  readonly bytes: Uint8Array;
}

/** Read from the model on first use: 150,000 tokens take a few tenths of a second. */
export class Vocabulary {
  readonly #model: Pick<NativeModel, 'info' | 'tokenBytes'>;
  #byFirstByte: ReadonlyMap<number, readonly Word[]> | null = null;

  constructor(model: Pick<NativeModel, 'info' | 'tokenBytes'>) {
    this.#model = model;
  }

  /**
   * Yields the tokens that agree with some bytes: those that begin with all of them, and those that
   * are a prefix of them. Control tokens have no bytes and never agree.
   * @param bytes at least one.
   */
  *agreeingWith(bytes: Uint8Array): Generator<Word> {
    const [first] = bytes;
    if (first === undefined) return;
    for (const word of this.#words().get(first) ?? []) {
      if (agree(word.bytes, bytes)) yield word;
    }
  }

  /** Reads the tokens now, unless already read. */
  prepare(): void {
    this.#words();
  }

  #words(): ReadonlyMap<number, readonly Word[]> {
    if (this.#byFirstByte !== null) return this.#byFirstByte;
    const words = new Map<number, Word[]>();
    for (let token = 0; token < this.#model.info.vocabulary; token += 1) {
      const bytes = this.#model.tokenBytes(token);
      const [first] = bytes;
      if (first === undefined) continue;
      const others = words.get(first);
      if (others === undefined) words.set(first, [{ token, bytes }]);
      else others.push({ token, bytes });
    }
    this.#byFirstByte = words;
    return words;
  }
}

/** Returns whether one is a prefix of the other. */
function agree(a: Uint8Array, b: Uint8Array): boolean {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
