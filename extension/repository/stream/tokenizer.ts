/** What the token stream needs of a model; the addon's model is one. */
export interface Tokenizer {
  /** `special`: control tokens written in the text are read as such. */
  tokenize(text: string, options: { readonly special: boolean }): Int32Array;
  /** The raw bytes of one token; a character may span several tokens. */
  tokenBytes(token: number): Uint8Array;
}

/** The ids of the tokens that mark repositories and files; -1 where a vocabulary has none. */
export interface RepositoryTokens {
  readonly fimRepository: number;
  readonly fimFileSeparator: number;
  /** What stands before a path in plain text; absent: an empty line and `File: `. */
  readonly heading?: string;
}
