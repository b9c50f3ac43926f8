/** Which tokens of the stream are kept for good, where only so many may be. */

import type { StreamFile } from './stream-file.ts';
import { sinkTokens } from './stream-index.ts';

/**
 * How many of each file header's first tokens are kept: all, one, or none.
 * @param repositoryHeader tokens of the repository's own header
 * @param headers tokens of each file's header
 * @param limit the most tokens that headers may keep
 */
export function keptHeaderTokens(
  repositoryHeader: number,
  headers: readonly number[],
  limit: number,
): number {
  const total = headers.reduce((sum, tokens) => sum + tokens, repositoryHeader);
  if (total <= limit) return Infinity;
  return repositoryHeader + headers.length <= limit ? 1 : 0;
}

/**
 * The protection of a stream that was read, as a reading with this limit would have made it.
 * @param files in the order of the stream
 * @param tokens of the whole stream
 * @returns one byte per token: 1 is kept for good
 */
export function protectionWithin(
  files: readonly Pick<StreamFile, 'from' | 'contentFrom'>[],
  tokens: number,
  repositoryHeader: number,
  limit: number,
): Uint8Array {
  const protection = new Uint8Array(tokens);
  const begin = files[0]?.from ?? tokens;
  protection.fill(1, 0, Math.min(sinkTokens, tokens));
  protection.fill(1, Math.max(0, begin - repositoryHeader), begin);
  const headers = files.map(({ from, contentFrom }) => contentFrom - from);
  const kept = keptHeaderTokens(repositoryHeader, headers, limit);
  for (const { from, contentFrom } of files) {
    protection.fill(1, from, Math.min(contentFrom, from + kept));
  }
  return protection;
}
