/** Decodes token bytes to text without splitting characters. */

/** Decodes tokens as they arrive; keeps the bytes of an incomplete character until the rest. */
export class TextStream {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #text = '';

  /** The whole text so far. */
  get text(): string {
    return this.#text;
  }

  /** @returns the characters that these bytes complete; may be empty. */
  push(bytes: Uint8Array): string {
    return this.#add(this.#decoder.decode(bytes, { stream: true }));
  }

  /** @returns U+FFFD for an incomplete character at the end, else an empty string. */
  end(): string {
    return this.#add(this.#decoder.decode());
  }

  #add(piece: string): string {
    this.#text += piece;
    return piece;
  }
}
