/** Token bytes as text that never splits a character. */

/** Decodes tokens as they come; bytes of an unfinished character wait for the rest of it. */
export class TextStream {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #text = '';

  /** All that was decoded so far. */
  get text(): string {
    return this.#text;
  }

  /** @returns the characters that these bytes complete; empty where they complete none. */
  push(bytes: Uint8Array): string {
    return this.#add(this.#decoder.decode(bytes, { stream: true }));
  }

  /** @returns what an unfinished character at the end shows as (U+FFFD), else an empty string. */
  end(): string {
    return this.#add(this.#decoder.decode());
  }

  #add(piece: string): string {
    this.#text += piece;
    return piece;
  }
}
