import { createHash } from 'node:crypto';

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

/** What tells one text from another. @param text as it stands in the stream */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
