import { describe, expect, it } from 'vitest';
import { longestEditDiff, mostEdits } from '../../protocol/requests/next-edit.ts';
import { longestFollowed, RecentEdits } from './recent-edits.ts';
import type { TextChange } from './recent-edits.ts';

/** A document as the editor has it: applies what it tells. */
class Typed {
  readonly path: string;
  text: string;
  readonly edits: RecentEdits;

  constructor(edits: RecentEdits, path: string, text: string) {
    this.edits = edits;
    this.path = path;
    this.text = text;
    edits.follow(path, text);
  }

  /** Replaces parts of the text, given by offsets, as one event; returns whether it was followed. */
  replace(...parts: readonly (readonly [from: number, to: number, text: string])[]): boolean {
    const before = this.text;
    const changes = parts.map(([from, to, text]): TextChange => {
      return { range: { start: placeOf(before, from), end: placeOf(before, to) }, text };
    });
    for (const [from, to, text] of [...parts].sort((left, right) => right[0] - left[0])) {
      this.text = this.text.slice(0, from) + text + this.text.slice(to);
    }
    return this.edits.change(this.path, changes, this.text.split(/\r\n|\r|\n/u).length);
  }

  /** Types at each place of a text, a character an event. */
  type(at: string, text: string): void {
    const from = this.text.indexOf(at);
    for (const [index, character] of Array.from(text).entries()) {
      this.replace([from + index, from + index, character]);
    }
  }
}

function placeOf(text: string, offset: number): { line: number; character: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

/** Applies a diff of one hunk backwards. */
function undone(text: string, diff: string): string {
  const [header = '', ...rows] = diff.replace(/\n$/u, '').split('\n');
  const [, start = '', count = ''] = /\+(\d+),(\d+) @@/u.exec(header) ?? [];
  const lines = text.split('\n');
  const now = rows.filter((row) => !row.startsWith('-')).map((row) => row.slice(1));
  const old = rows.filter((row) => !row.startsWith('+')).map((row) => row.slice(1));
  const at = Number(count) === 0 ? Number(start) : Number(start) - 1;
  expect(lines.slice(at, at + Number(count))).toEqual(now);
  expect(header).toBe(`@@ -${start},${String(old.length)} +${start},${String(now.length)} @@`);
  return [...lines.slice(0, at), ...old, ...lines.slice(at + Number(count))].join('\n');
}

const numbered = Array.from({ length: 40 }, (_, at) => `line ${String(at + 1)}`).join('\n');

describe('edits of a document', () => {
  it('typed together are one edit, with the lines around them', () => {
    const edits = new RecentEdits();
    const file = new Typed(edits, 'a.ts', 'a\nb\nlet x\nc\nd\n');
    file.type('\nc', ' = 12;');
    expect(edits.list()).toEqual([
      { path: 'a.ts', diff: '@@ -1,6 +1,6 @@\n a\n b\n-let x\n+let x = 12;\n c\n d\n \n' },
    ]);
    expect(edits.list()).toEqual(edits.list());
  });

  it('of distant lines are several, oldest first, and can be undone in the text', () => {
    const edits = new RecentEdits();
    const file = new Typed(edits, 'a.ts', numbered);
    file.type('line 30', 'x\ny');
    file.type('line 4\n', 'z');
    const all = edits.list();
    expect(all.map(({ diff }) => /^[+].*/mu.exec(diff)?.[0])).toEqual(['+x', '+zline 4']);
    const before = [...all].reverse().reduce((text, { diff }) => undone(text, diff), file.text);
    expect(before).toBe(numbered);
  });

  it('that are undone leave nothing, at once or later', () => {
    const edits = new RecentEdits();
    const file = new Typed(edits, 'a.ts', numbered);
    file.type('line 30', 'x');
    file.replace([file.text.indexOf('x'), file.text.indexOf('x') + 1, '']);
    expect(edits.list()).toEqual([]);
    file.type('line 4\n', 'y');
    file.type('line 30', 'x');
    file.replace([file.text.indexOf('y'), file.text.indexOf('y') + 1, '']);
    file.replace([file.text.indexOf('x'), file.text.indexOf('x') + 1, '']);
    // The one between was not undone at its own time, so both are told; nothing is lost.
    const text = [...edits.list()]
      .reverse()
      .reduce((now, { diff }) => undone(now, diff), file.text);
    expect(text).toBe(numbered);
    const again = new RecentEdits();
    const other = new Typed(again, 'a.ts', numbered);
    other.type('line 4\n', 'y');
    other.edits.forget('a.ts');
    other.edits.follow('a.ts', other.text);
    other.replace([other.text.indexOf('y'), other.text.indexOf('y') + 1, '']);
    other.edits.forget('a.ts');
    expect(again.list()).toEqual([]);
  });

  it('of several cursors are in their own places', () => {
    const edits = new RecentEdits();
    const file = new Typed(edits, 'a.ts', numbered);
    const at = [...numbered.matchAll(/line (?:5|15|25)$/gmu)].map(({ index }) => index);
    expect(file.replace(...at.map((from) => [from, from + 4, 'row'] as const))).toBe(true);
    expect(edits.list()).toHaveLength(3);
    const before = [...edits.list()].reverse();
    expect(before.reduce((text, { diff }) => undone(text, diff), file.text)).toBe(numbered);
  });

  it('paste, delete and replace everything', () => {
    const edits = new RecentEdits();
    const file = new Typed(edits, 'a.ts', 'a\nb\n');
    file.replace([0, 4, 'one\ntwo\nthree']);
    expect(undone(file.text, edits.list()[0]?.diff ?? '')).toBe('a\nb\n');
    file.replace([0, file.text.length, '']);
    expect(undone(file.text, edits.list()[0]?.diff ?? '')).toBe('a\nb\n');
  });
});

describe('what is held', () => {
  it('is no huge paste, and no lines of a megabyte', () => {
    const edits = new RecentEdits();
    const file = new Typed(edits, 'a.ts', numbered);
    file.replace([0, 0, 'long line\n'.repeat(2_000)]);
    expect(edits.list()).toEqual([]);
    file.type('line 30', 'x');
    expect(edits.list()).toHaveLength(1);
    expect(file.replace([0, 0, 'x'.repeat(1_000_000)])).toBe(false);
    expect(edits.follows('a.ts')).toBe(false);
    const long = 'y'.repeat(longestFollowed - 100);
    const near = new Typed(edits, 'b.ts', `${long}\nlet a\n`);
    near.type('\n', 'z');
    near.replace([near.text.length - 1, near.text.length - 1, ' = 1']);
    for (const { diff } of edits.list()) expect(diff.length).toBeLessThanOrEqual(longestEditDiff);
    edits.follow('c.ts', `${long}${long}`);
    expect(edits.follows('c.ts')).toBe(false);
  });

  it('is the last edits of the last documents', () => {
    const edits = new RecentEdits();
    for (let at = 0; at < 50; at += 1) {
      const file = new Typed(edits, `${String(at)}.ts`, numbered);
      file.type('line 30', 'x');
      file.type('line 4\n', 'y');
    }
    expect(edits.list()).toHaveLength(mostEdits);
    expect(edits.list().at(-1)?.path).toBe('49.ts');
    expect(
      Array.from({ length: 50 }, (_, at) => edits.follows(`${String(at)}.ts`)).filter(Boolean),
    ).toHaveLength(8);
    edits.clear();
    expect(edits.list()).toEqual([]);
  });

  it('keeps its edits when the file is renamed', () => {
    const edits = new RecentEdits();
    const file = new Typed(edits, 'a.ts', numbered);
    file.type('line 30', 'x');
    file.type('line 4\n', 'y');
    edits.rename('a.ts', 'b.ts');
    expect(edits.list().map(({ path }) => path)).toEqual(['b.ts', 'b.ts']);
    expect(edits.follows('b.ts')).toBe(true);
  });

  it('is given up where an event does not fit', () => {
    const edits = new RecentEdits();
    edits.follow('a.ts', 'a\n');
    const range = { start: { line: 7, character: 0 }, end: { line: 7, character: 0 } };
    expect(edits.change('a.ts', [{ range, text: 'x' }], 2)).toBe(false);
    expect(edits.follows('a.ts')).toBe(false);
    expect(edits.change('a.ts', [], 1)).toBe(false);
  });

  it('makes any text before of any text after', () => {
    let seed = 7;
    const random = (most: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % most;
    };
    for (let run = 0; run < 200; run += 1) {
      const edits = new RecentEdits();
      const file = new Typed(edits, 'a.ts', numbered);
      for (let step = 0; step < 6; step += 1) {
        const from = random(file.text.length + 1);
        const to = Math.min(file.text.length, from + random(30));
        const text = Array.from({ length: random(8) }, () => 'ab\n'[random(3)]).join('');
        expect(file.replace([from, to, text])).toBe(true);
      }
      const before = [...edits.list()].reverse();
      expect(before.reduce((text, { diff }) => undone(text, diff), file.text)).toBe(numbered);
    }
  });
});
