/** Cuts a stream of tokens into chunks of one size. */
export class ChunkBuffer {
  #tokens: Int32Array;
  #length = 0;

  constructor(size: number) {
    this.#tokens = new Int32Array(size);
  }

  *push(tokens: Int32Array): Generator<Int32Array, void, undefined> {
    let taken = 0;
    while (taken < tokens.length) {
      const part = tokens.subarray(taken, taken + this.#tokens.length - this.#length);
      this.#tokens.set(part, this.#length);
      this.#length += part.length;
      taken += part.length;
      if (this.#length === this.#tokens.length) {
        yield* this.flush();
      }
    }
  }

  *flush(): Generator<Int32Array, void, undefined> {
    if (this.#length > 0) {
      const full = this.#tokens.slice(0, this.#length);
      this.#length = 0;
      yield full;
    }
  }
}
