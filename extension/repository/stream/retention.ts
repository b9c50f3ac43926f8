import type { FileShare } from '../../protocol/file-share.ts';
import type { StreamIndex } from './stream-index.ts';
import type { StreamFile } from './stream-file.ts';

function share(held: number, tokens: number, pairs: number): number {
  return tokens === 0 || pairs === 0 ? 0 : held / (tokens * pairs);
}

/**
 * The share of each file that is held, headers included. Files that are not read yet are left out,
 * and one that is half read counts with what was read of it.
 * @param heldCounts per stream token, how many (layer, KV head) pairs hold it
 * @param pairs layers times KV heads
 */
export function fileShares(
  index: StreamIndex,
  heldCounts: Uint16Array,
  pairs: number,
): FileShare[] {
  const shares: FileShare[] = [];
  for (const file of index.files) {
    const to = Math.min(file.to, heldCounts.length);
    if (to <= file.from) {
      break;
    }
    let held = 0;
    for (let token = file.from; token < to; token++) {
      held += heldCounts[token] ?? 0;
    }
    const tokens = to - file.from;
    shares.push({
      path: file.path,
      tokens,
      kept: share(held, tokens, pairs),
      lineCount: file.lines,
    });
  }
  return shares;
}

function lineSums(
  index: StreamIndex,
  file: StreamFile,
  heldCounts: Uint16Array,
): { readonly held: Float64Array; readonly tokens: Float64Array } {
  const held = new Float64Array(file.lines + 1);
  const tokens = new Float64Array(file.lines + 1);
  const to = Math.min(file.to, heldCounts.length);
  const lines = index.lines(file.contentFrom, to);
  for (let offset = 0; offset < lines.length; offset++) {
    const line = lines[offset] ?? 0;
    held[line] = (held[line] ?? 0) + (heldCounts[file.contentFrom + offset] ?? 0);
    tokens[line] = (tokens[line] ?? 0) + 1;
  }
  return { held, tokens };
}

/**
 * The share held of each line of one file, from line 1; empty for a file that was not read. A line
 * without a token of its own (its newline belongs to the line before) has the share of that line.
 */
export function lineShares(
  index: StreamIndex,
  path: string,
  heldCounts: Uint16Array,
  pairs: number,
): number[] {
  const file = index.fileOf(path);
  if (file === null) {
    return [];
  }
  const { held, tokens } = lineSums(index, file, heldCounts);
  const shares: number[] = [];
  for (let line = 1; line <= file.lines; line++) {
    const count = tokens[line] ?? 0;
    shares.push(count === 0 ? (shares.at(-1) ?? 0) : share(held[line] ?? 0, count, pairs));
  }
  return shares;
}

/**
 * How many of the tokens from one to another a head holds.
 * @param held the stream tokens that the head holds, ascending
 * @param to not included
 */
export function heldWithin(held: Int32Array, from: number, to: number): number {
  return firstNotBelow(held, to) - firstNotBelow(held, from);
}

/** The place of the first value that is not below a bound; the length where all are. */
function firstNotBelow(ascending: Int32Array, bound: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? Infinity) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
