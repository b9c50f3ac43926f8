/** A seeded sample of questions, spread evenly over the files. */

import type { Probe } from '../protocol/requests/probes.ts';

/**
 * Draws questions from every part of the repository. The ordered files are cut into as many
 * stretches as there are questions to draw, and each stretch gives one; further rounds draw the
 * missing questions from the rest. Within a file, the kind is drawn first, then the question, so
 * that the most common kind does not dominate.
 * @param byFile candidates by file; a file without any is skipped.
 * @param accept whether a candidate may be asked; called only for candidates that are drawn.
 * @returns at most `wanted`, in the order of the files and their lines.
 */
export function sampleProbes(
  byFile: readonly (readonly Probe[])[],
  wanted: number,
  seed: number,
  accept: (probe: Probe) => boolean,
): Probe[] {
  const random = generator(seed);
  let rest = byFile.map((probes, file) => ({ file, left: [...probes] }));
  const drawn: { readonly file: number; readonly probe: Probe }[] = [];
  while (drawn.length < wanted && rest.length > 0) {
    for (const stretch of stretches(rest, wanted - drawn.length)) {
      const order = shuffled(stretch, random);
      for (const entry of order) {
        const probe = draw(entry.left, random, accept);
        if (probe === null) continue;
        drawn.push({ file: entry.file, probe });
        break;
      }
    }
    rest = rest.filter(({ left }) => left.length > 0);
  }
  return drawn
    .sort((a, b) => a.file - b.file || a.probe.line - b.probe.line)
    .map(({ probe }) => probe);
}

/** Removes and returns one acceptable candidate; also removes unacceptable ones that it meets. */
function draw(
  left: Probe[],
  random: () => number,
  accept: (probe: Probe) => boolean,
): Probe | null {
  while (left.length > 0) {
    const kinds = [...new Set(left.map(({ kind }) => kind))];
    const kind = kinds[Math.floor(random() * kinds.length)];
    const places = left.flatMap((probe, index) => (probe.kind === kind ? [index] : []));
    const place = places[Math.floor(random() * places.length)] ?? 0;
    const [probe] = left.splice(place, 1);
    if (probe !== undefined && accept(probe)) return probe;
  }
  return null;
}

/** Splits items into at most `count` consecutive, non-empty parts of nearly equal length. */
function stretches<T>(items: readonly T[], count: number): T[][] {
  const parts = Math.min(count, items.length);
  return Array.from({ length: parts }, (_, part) =>
    items.slice(
      Math.floor((part * items.length) / parts),
      Math.floor(((part + 1) * items.length) / parts),
    ),
  );
}

/** Fisher-Yates shuffle. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    const [a, b] = [result[index], result[other]];
    if (a !== undefined && b !== undefined) [result[index], result[other]] = [b, a];
  }
  return result;
}

/** Mulberry32 (Tommy Ettinger, 2017; public domain): seeded numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
