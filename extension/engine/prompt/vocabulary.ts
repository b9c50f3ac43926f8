/** The tokens of a model by the bytes that they stand for. */

import type { NativeModel } from '../native/contract.ts';

interface Word {
  readonly token: number;
  readonly bytes: Uint8Array;
}

/** Read from the model when first needed: 150,000 tokens take some tenths of a second. */
export class Vocabulary {
  readonly #model: Pick<NativeModel, 'info' | 'tokenBytes'>;
  #byFirstByte: ReadonlyMap<number, readonly Word[]> | null = null;

  constructor(model: Pick<NativeModel, 'info' | 'tokenBytes'>) {
    this.#model = model;
  }

  /**
   * The tokens that agree with some bytes: those that begin with all of them, and those that are a
   * beginning of them. Control tokens, which have no bytes, never do.
   * @param bytes at least one.
   */
  *agreeingWith(bytes: Uint8Array): Generator<Word> {
    const [first] = bytes;
    if (first === undefined) return;
    for (const word of this.#words().get(first) ?? []) {
      if (agree(word.bytes, bytes)) yield word;
    }
  }

  /** Reads the tokens now, where they have not been read yet. */
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

/** Whether one is the beginning of the other. */
function agree(a: Uint8Array, b: Uint8Array): boolean {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
