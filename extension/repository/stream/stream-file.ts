/** One file's part of the token stream: [from, to), its text from `contentFrom` on. */
export interface StreamFile {
  readonly path: string;
  /** SHA-256 of its text as it stands in the stream. */
  readonly hash: string;
  readonly from: number;
  readonly contentFrom: number;
  readonly to: number;
  /** Lines of its text. */
  readonly lines: number;
}
