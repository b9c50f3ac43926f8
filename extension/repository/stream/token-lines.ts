import type { Tokenizer } from './tokenizer.ts';

const newline = 0x0a;

/** Says on which line each token of a text is, from the newlines in the tokens' bytes. */
export class TokenLines {
  readonly #tokenizer: Tokenizer;
  readonly #newlines = new Map<number, number>();

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /** The line of each token, from 1: the one that its first byte is on. */
  linesOf(tokens: Int32Array): { readonly lineOfToken: Uint32Array; readonly lines: number } {
    const lineOfToken = new Uint32Array(tokens.length);
    let line = 1;
    for (let index = 0; index < tokens.length; index++) {
      lineOfToken[index] = line;
      line += this.#newlinesIn(tokens[index] ?? 0);
    }
    return { lineOfToken, lines: line - 1 };
  }

  #newlinesIn(token: number): number {
    let count = this.#newlines.get(token);
    if (count === undefined) {
      count = this.#tokenizer.tokenBytes(token).filter((byte) => byte === newline).length;
      this.#newlines.set(token, count);
    }
    return count;
  }
}
