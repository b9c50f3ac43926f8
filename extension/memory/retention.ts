import type { FileShare } from '../protocol/engine.ts';
import type { StreamIndex } from './stream-index.ts';

/**
 * The share of each file that is held, headers included.
 * @param heldCounts per stream token, how many (layer, KV head) pairs hold it
 * @param pairs layers times KV heads
 */
export function fileShares(
  index: StreamIndex,
  heldCounts: Uint16Array,
  pairs: number,
): FileShare[] {
  throw new Error(`Not written yet: ${String(index.tokens + heldCounts.length + pairs)}`);
}

/** The share held of each line of one file, from line 1; empty for a file that was not read. */
export function lineShares(
  index: StreamIndex,
  path: string,
  heldCounts: Uint16Array,
  pairs: number,
): number[] {
  throw new Error(`Not written yet: ${String(index.tokens + heldCounts.length + pairs)} ${path}`);
}
