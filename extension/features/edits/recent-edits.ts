/** The last edits of the editor's documents, as unified diffs: what was changed together is one. */

import { longestEditDiff, mostEdits } from '../../protocol/requests/next-edit.ts';
import type { PastEdit } from '../../protocol/requests/next-edit.ts';

/** A place in a document: line and UTF-16 units, from 0. */
interface Place {
  readonly line: number;
  readonly character: number;
}

/** One change of an event, as the editor tells it; those of an event are of the same text before. */
export interface TextChange {
  readonly range: { readonly start: Place; readonly end: Place };
  readonly text: string;
}

/** Longer texts are not followed. */
export const longestFollowed = 500_000;
/** Documents that are followed at a time. */
const mostFollowed = 8;
/** Changes with at most so many lines between them belong together, up to so many lines. */
const gap = 2;
const mostLines = 40;
/** Lines around an edit, as far as they are not too long. */
const contextLines = 3;
const longestContext = 300;

/** Lines that were changed together: they begin at the same line in the old and the new text. */
interface Group {
  readonly start: number;
  readonly old: readonly string[];
  /** How many lines they are now. */
  readonly count: number;
}

/** A document's lines as they are now, and the edit that is under way. */
interface Followed {
  readonly lines: string[];
  group: Group | null;
}

interface DoneEdit extends PastEdit {
  readonly start: number;
  readonly old: string;
  readonly now: string;
}

/** Collects edits; holds the lines of the documents that it follows. */
export class RecentEdits {
  /** By path; the one that was used last is the last one. */
  readonly #followed = new Map<string, Followed>();
  readonly #done: DoneEdit[] = [];

  /** Follows a document from its present text on; too long ones are not followed. */
  follow(path: string, text: string): void {
    this.forget(path);
    if (text.length > longestFollowed) return;
    this.#followed.set(path, { lines: linesOf(text), group: null });
    const [oldest] = this.#followed.keys();
    if (this.#followed.size > mostFollowed && oldest !== undefined) this.forget(oldest);
  }

  /** Whether a document is followed. */
  follows(path: string): boolean {
    return this.#followed.has(path);
  }

  /**
   * Takes the changes of one event.
   * @param lineCount lines of the document after it
   * @returns whether they fit what is held; if not, the document is not followed any more
   */
  change(path: string, changes: readonly TextChange[], lineCount: number): boolean {
    const followed = this.#followed.get(path);
    if (followed === undefined) return false;
    this.#followed.delete(path);
    this.#followed.set(path, followed);
    // From the end on, so that no change moves another.
    const ordered = [...changes].sort((left, right) => byPlace(right.range, left.range));
    for (const change of ordered) {
      if (change.range.end.line >= followed.lines.length) return this.#lose(path);
      this.#apply(path, followed, change);
    }
    const length = followed.lines.reduce((sum, { length: units }) => sum + units + 1, 0);
    if (followed.lines.length !== lineCount || length > longestFollowed) return this.#lose(path);
    return true;
  }

  /** Ends the edit of a document and does not follow it any more. */
  forget(path: string): void {
    const followed = this.#followed.get(path);
    if (followed === undefined) return;
    this.#close(path, followed);
    this.#followed.delete(path);
  }

  /** Names a file and its edits otherwise. */
  rename(from: string, to: string): void {
    const followed = this.#followed.get(from);
    this.#followed.delete(from);
    if (followed !== undefined) this.#followed.set(to, followed);
    for (const [at, edit] of this.#done.entries()) {
      if (edit.path === from) this.#done[at] = { ...edit, path: to };
    }
  }

  /** Forgets all of it. */
  clear(): void {
    this.#followed.clear();
    this.#done.length = 0;
  }

  /** The last edits, oldest first, with those under way. */
  list(): PastEdit[] {
    const open = [...this.#followed].flatMap(([path, followed]) => editOf(path, followed) ?? []);
    return [...this.#done, ...open].slice(-mostEdits).map(({ path, diff }) => ({ path, diff }));
  }

  #apply(path: string, followed: Followed, { range, text }: TextChange): void {
    const { lines } = followed;
    const [from, to] = [range.start.line, range.end.line + 1];
    const first = (lines[from] ?? '').slice(0, range.start.character);
    const written = linesOf(first + text + (lines[to - 1] ?? '').slice(range.end.character));
    let group = followed.group;
    if (group !== null && !isNear(group, from, to)) {
      this.#close(path, followed);
      group = null;
    }
    group ??= { start: from, old: lines.slice(from, to), count: to - from };
    const above = lines.slice(from, Math.max(from, group.start));
    const end = group.start + group.count;
    const below = lines.slice(end, Math.max(end, to));
    followed.group = {
      start: Math.min(from, group.start),
      old: [...above, ...group.old, ...below],
      count: above.length + group.count + below.length + written.length - (to - from),
    };
    const tail = lines.splice(from).slice(to - from);
    // One by one: an argument list has a limit.
    for (const line of written) lines.push(line);
    for (const line of tail) lines.push(line);
  }

  #close(path: string, followed: Followed): void {
    const edit = editOf(path, followed);
    followed.group = null;
    if (edit === null) return;
    const last = this.#done.at(-1);
    // Undone: neither was an edit.
    const isUndone = last?.path === path && last.start === edit.start && last.old === edit.now;
    if (isUndone && last.now === edit.old) this.#done.pop();
    else this.#done.push(edit);
    if (this.#done.length > mostEdits) this.#done.shift();
  }

  #lose(path: string): false {
    this.#followed.delete(path);
    return false;
  }
}

function isNear({ start, count }: Group, from: number, to: number): boolean {
  const touches = from <= start + count + gap && to >= start - gap;
  return touches && Math.max(to, start + count) - Math.min(from, start) <= mostLines;
}

/** The edit that is under way; null if nothing is changed, or too much. */
function editOf(path: string, { lines, group }: Followed): DoneEdit | null {
  if (group === null) return null;
  const { old, start, count } = group;
  const now = lines.slice(start, start + count);
  const most = Math.min(old.length, now.length);
  let same = 0;
  while (same < most && old[same] === now[same]) same += 1;
  let end = 0;
  while (end < most - same && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const [before, after] = [old.slice(same, old.length - end), now.slice(same, now.length - end)];
  if (before.length + after.length === 0) return null;
  const size = [...before, ...after].reduce((sum, line) => sum + line.length + 2, 0);
  if (size > longestEditDiff) return null;
  const first = start + same;
  const above = fitting(lines.slice(Math.max(0, first - contextLines), first).reverse()).reverse();
  const behind = first + after.length;
  const below = fitting(lines.slice(behind, behind + contextLines));
  const around = above.length + below.length;
  const line = first - above.length + 1;
  const diff = [
    `@@ -${rangeOf(line, around + before.length)} +${rangeOf(line, around + after.length)} @@`,
    ...above.map((text) => ` ${text}`),
    ...before.map((text) => `-${text}`),
    ...after.map((text) => `+${text}`),
    ...below.map((text) => ` ${text}`),
    '',
  ].join('\n');
  if (diff.length > longestEditDiff) return null;
  return { path, diff, start: first, old: before.join('\n'), now: after.join('\n') };
}

/** Lines up to one that is too long. */
function fitting(lines: readonly string[]): string[] {
  const long = lines.findIndex((line) => line.length > longestContext);
  return lines.slice(0, long < 0 ? undefined : long);
}

function rangeOf(line: number, count: number): string {
  // As in every unified diff: no lines are behind the line before.
  return `${String(count === 0 ? line - 1 : line)},${String(count)}`;
}

function byPlace(
  { start: left }: TextChange['range'],
  { start: right }: TextChange['range'],
): number {
  return left.line - right.line || left.character - right.character;
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/u);
}
