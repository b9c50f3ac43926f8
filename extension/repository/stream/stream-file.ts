/** One file's part of the token stream: [from, to), its text from `contentFrom` on. */
export interface StreamFile {
  readonly path: string;
  readonly from: number;
  readonly contentFrom: number;
  readonly to: number;
  /** Lines of its text. */
  readonly lines: number;
}
