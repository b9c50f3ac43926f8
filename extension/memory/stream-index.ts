/** One file's part of the token stream: [from, to), its text from `contentFrom` on. */
export interface StreamFile {
  readonly path: string;
  readonly from: number;
  readonly contentFrom: number;
  readonly to: number;
  /** Lines of its text. */
  readonly lines: number;
}

export interface StreamPlace {
  /** An index into `files`. */
  readonly file: number;
  /** From 1; 0 in a file's header. */
  readonly line: number;
}

/** Which file and line each token of the stream comes from. Grows as the stream does. */
export interface StreamIndex {
  /** Tokens so far: headers and files. */
  readonly tokens: number;
  /** In the order of the stream. */
  readonly files: readonly StreamFile[];
  /** null before the first file. */
  locate(index: number): StreamPlace | null;
  fileOf(path: string): StreamFile | null;
  /** Lines, one per token of [from, to): 0 in headers. A view, valid until the stream grows. */
  lines(from: number, to: number): Uint32Array;
  /** 1 for the tokens that are kept for good: the first four and the headers. A view likewise. */
  protection(from: number, to: number): Uint8Array;
}
