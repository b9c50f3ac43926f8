import type { RepositoryTokens, Tokenizer } from '../tokenizer.ts';

/** Control tokens, as models have them, and what is written for each. */
const control = ['<|bos|>', '<|repo_name|>', '<|file_sep|>', '<|im_end|>'] as const;

/** The FIM repository tokens of this tokenizer. */
export const wordTokens: RepositoryTokens = { fimRepository: 1, fimFileSeparator: 2 };

/**
 * A tokenizer for tests, of the same contract as a model's: words, runs of newlines and single
 * other characters; control tokens are read as such with `special` alone.
 */
export class WordTokenizer implements Tokenizer {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [...control];

  tokenize(text: string, { special }: { readonly special: boolean }): Int32Array {
    const pattern = special ? /<\|\w+\|>|\w+|\n+|[^\w\n]/gu : /\w+|\n+|[^\w\n]/gu;
    return Int32Array.from(text.match(pattern) ?? [], (piece) => this.#idOf(piece));
  }

  tokenBytes(token: number): Uint8Array {
    return new TextEncoder().encode(this.#texts[token] ?? '');
  }

  /** What tokens say, control tokens included. */
  detokenize(tokens: Iterable<number>): string {
    return Array.from(tokens, (token) => this.#texts[token] ?? '').join('');
  }

  #idOf(piece: string): number {
    const known = control.findIndex((text) => text === piece);
    if (known !== -1) return known;
    const id = this.#ids.get(piece) ?? this.#texts.push(piece) - 1;
    this.#ids.set(piece, id);
    return id;
  }
}
