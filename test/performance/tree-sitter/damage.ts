/**
 * Measures how many of a file's declarations are still found if the file is broken in one place.
 */

import type { Random } from '../../quality/generator/random.ts';
import type { SourceFile } from './corpus.ts';
import type { Grammar } from './grammar.ts';
import type { Unit } from './units.ts';
import { ourUnits, treeUnits } from './units.ts';

type Row = Readonly<Record<string, string | number>>;

interface Damaged {
  readonly text: string;
  /** Lines from here on are not compared. */
  readonly until: number;
}

function cut(text: string, random: Random): Damaged {
  const left = text.slice(0, random.integer(0, text.length + 1));
  return { text: left, until: left.split('\n').length - 1 };
}

/** Removes one random bracket; null if there is none. */
function withoutBracket(text: string, random: Random): Damaged | null {
  const places = [...text.matchAll(/[()[\]{}]/gu)].map(({ index }) => index);
  if (places.length === 0) return null;
  const at = random.pick(places);
  return { text: text.slice(0, at) + text.slice(at + 1), until: Infinity };
}

class Tally {
  expected = 0;
  kept = 0;
  invented = 0;
  slowest = 0;
  failures = 0;

  add(whole: readonly Unit[], until: number, find: () => readonly Unit[]): void {
    const key = ({ kind, first, last }: Unit): string => `${kind} ${String(first)} ${String(last)}`;
    const before = whole.filter(({ last, optional }) => last < until && !optional).map(key);
    const startedAt = performance.now();
    let found = new Set<string>();
    try {
      const units = find().filter(({ last, optional }) => last < until && !optional);
      found = new Set(units.map(key));
    } catch {
      this.failures++;
    }
    this.slowest = Math.max(this.slowest, performance.now() - startedAt);
    const kept = before.filter((unit) => found.has(unit)).length;
    this.expected += before.length;
    this.kept += kept;
    this.invented += found.size - kept;
  }

  columns(side: string): Row {
    const share = (count: number): string => ((100 * count) / this.expected).toFixed(2);
    return {
      [`${side} kept %`]: share(this.kept),
      [`${side} invented %`]: share(this.invented),
      [`${side} slowest ms`]: this.slowest.toFixed(0),
      [`${side} thrown`]: this.failures,
    };
  }
}

/**
 * Breaks each file twice, by a cut at a random place and by removing one bracket, and compares what
 * each side then finds with what it found in the whole file, in percent.
 */
export function damageTable(
  language: string,
  files: readonly SourceFile[],
  grammarOf: (file: SourceFile) => Grammar,
  random: Random,
): Row[] {
  const kinds = { 'cut at a random place': cut, 'one bracket less': withoutBracket };
  const tallies = Object.entries(kinds).map(([damage, make]) => {
    return { damage, make, ours: new Tally(), tree: new Tally() };
  });
  for (const file of files) {
    const grammar = grammarOf(file);
    const whole = {
      ours: ourUnits(file.path, file.text),
      tree: treeUnits(grammar, file.text, file.lines),
    };
    for (const { make, ours, tree } of tallies) {
      const damaged = make(file.text, random);
      if (damaged === null) continue;
      const { text, until } = damaged;
      ours.add(whole.ours, until, () => ourUnits(file.path, text));
      tree.add(whole.tree, until, () => treeUnits(grammar, text, text.split('\n')));
    }
  }
  return tallies.map(({ damage, ours, tree }) => ({
    language,
    damage,
    ...ours.columns('ours'),
    ...tree.columns('tree'),
  }));
}
