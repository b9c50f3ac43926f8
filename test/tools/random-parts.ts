/** Parts of a random model's file. */
import type { GgufValue } from './gguf-writer.ts';

/** Metadata with changes; null leaves an entry out. */
export function withChanges(
  metadata: Readonly<Record<string, GgufValue>>,
  changes: Readonly<Record<string, GgufValue | null>>,
): Record<string, GgufValue> {
  const result: Record<string, GgufValue> = {};
  for (const [key, value] of Object.entries({ ...metadata, ...changes })) {
    if (value !== null) result[key] = value;
  }
  return result;
}

/** Yields the f16 values of a matrix with rows of `width`, with some rows set to zero. */
export function* withoutRows(
  pieces: Iterable<Uint8Array>,
  width: number,
  rows: readonly number[],
): Generator<Uint8Array> {
  let offset = 0;
  for (const piece of pieces) {
    for (const row of rows) {
      const start = Math.max(row * width * 2 - offset, 0);
      const end = (row + 1) * width * 2 - offset;
      if (end > start) piece.fill(0, start, end);
    }
    yield piece;
    offset += piece.length;
  }
}
