/** A seeded sample of questions, spread evenly over the files. */

import type { Probe } from '../protocol/requests/probes.ts';

/**
 * Draws questions so that every part of the repository is asked about: the files, in their order,
 * are cut into as many stretches as there are questions to draw, and each stretch gives one; what
 * is still missing is drawn in further rounds from what is left. Within a file first the kind is
 * drawn, then the question, so that the commonest kind does not crowd out the others.
 * @param byFile candidates by file; a file without any is left out.
 * @param accept whether a candidate may be asked; called only for those that are drawn.
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

/** Takes one acceptable candidate out; those that are not acceptable go as well. */
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

/** Consecutive parts of nearly one length, none empty, at most `count` of them. */
function stretches<T>(items: readonly T[], count: number): T[][] {
  const parts = Math.min(count, items.length);
  return Array.from({ length: parts }, (_, part) =>
    items.slice(
      Math.floor((part * items.length) / parts),
      Math.floor(((part + 1) * items.length) / parts),
    ),
  );
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    const [a, b] = [result[index], result[other]];
    if (a !== undefined && b !== undefined) [result[index], result[other]] = [b, a];
  }
  return result;
}

/** Mulberry32 (Tommy Ettinger, 2017; public domain): numbers in [0, 1), the same for one seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
