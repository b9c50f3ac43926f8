import { OccurrenceScanner } from './occurrences.ts';

const rank = { definition: 0, import: 1, use: 2 } as const;

/**
 * Where the hits of a file are in its changed text: the line nearest to each that holds one of the
 * question's names, a definition before an import before a use; without names the same lines, as
 * far as there are that many.
 * @param hits lines of the text as it was read
 * @param names the rarest first
 */
export function relocateLines(
  lines: readonly string[],
  hits: readonly number[],
  names: readonly string[],
): number[] {
  for (const name of names) {
    const scanner = new OccurrenceScanner();
    const found: { readonly line: number; readonly rank: number }[] = [];
    for (const [offset, text] of lines.entries()) {
      for (const occurrence of scanner.scan(text)) {
        if (occurrence.name === name) {
          found.push({ line: offset + 1, rank: rank[occurrence.kind] });
        }
      }
    }
    if (found.length > 0) {
      const [first = 1] = hits;
      const distance = (line: number): number => Math.abs(line - first);
      return found
        .sort((a, b) => a.rank - b.rank || distance(a.line) - distance(b.line))
        .slice(0, 1)
        .map(({ line }) => line);
    }
  }
  return [...new Set(hits.map((line) => Math.min(line, lines.length)))];
}
