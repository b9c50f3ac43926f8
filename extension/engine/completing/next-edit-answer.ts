/** What a model writes as the next edit: cut, checked, and made a change of lines. */

import type { LineChange } from '../../protocol/requests/next-edit.ts';
import type { EditedFile } from '../prompt/edited-region.ts';
import type { NextEditFamily } from '../prompt/formats.ts';
import { completionRepetition, RepetitionDetector } from '../generation/repetition.ts';

/** A larger growth is hardly an edit; Sweep's server has the same limit. */
const mostAdded = 20;
/** This many equal lines in a row are a loop, and two of so many characters. */
const run = 3;
const longLine = 12;

/**
 * Returns whether nothing that is written behind a text counts any more.
 * @param text what is written so far
 */
export function isNextEditOver({ closes }: NextEditFamily, text: string): boolean {
  return closes !== null && text.includes(closes);
}

/**
 * Makes a change of what a model wrote for a region.
 * @param text whole, not cut off at a limit
 * @returns null for the same text, and for text that is not fit to be shown
 */
export function nextEditChange(
  family: NextEditFamily,
  file: EditedFile,
  text: string,
): LineChange | null {
  const content = contentOf(family, text);
  if (content === null) return null;
  const { region } = file;
  const lines = withEndOf(region, content.split('\n'));
  if (!isSound(family, file, lines)) return null;
  return changeOf(file.firstLine, region, lines);
}

/** What stands between the marks; null without the mark that must end it. */
function contentOf({ opens, closes, cursor }: NextEditFamily, text: string): string | null {
  const end = closes === null ? text.length : text.indexOf(closes);
  if (end < 0) return null;
  const before = text.slice(0, end).replaceAll('\r\n', '\n').replaceAll(cursor, '');
  const opening = opens === null ? -1 : before.indexOf(opens);
  const content = opening < 0 ? before : before.slice(opening + (opens?.length ?? 0));
  return opening < 0 ? content : content.replace(/^\n/u, '');
}

/** Models are not sure of blank lines at both ends: there are as many as before. */
function withEndOf(region: readonly string[], written: readonly string[]): string[] {
  const inner = trimmed(written);
  if (inner.length === 0) return [];
  const first = region.findIndex((line) => line.trim() !== '');
  if (first < 0) return inner;
  const last = region.findLastIndex((line) => line.trim() !== '');
  return [...region.slice(0, first), ...inner, ...region.slice(last + 1)];
}

function trimmed(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return first < 0 ? [] : lines.slice(first, last + 1);
}

function isSound(family: NextEditFamily, file: EditedFile, lines: readonly string[]): boolean {
  const { region } = file;
  const [old, text] = [region.join('\n'), lines.join('\n')];
  // An empty answer is none: models say so when they have nothing to suggest.
  if (lines.length === 0 || /^\s*NO_EDITS\s*$/u.test(text)) return false;
  if (withoutEnds(text) === withoutEnds(old)) return false;
  if (lines.length > region.length + mostAdded) return false;
  if (family.marks.some((mark) => text.includes(mark) && !old.includes(mark))) return false;
  // Halves of characters, and characters that no code has.
  if (/[\ufffd\p{Cs}]|(?![\n\t])\p{Cc}/u.test(text)) return false;
  return !repeats(region, lines) && !repeatsAround(file, lines);
}

/** Without blanks at the ends of lines, of which models are not sure. */
function withoutEnds(text: string): string {
  return text.replace(/[\t ]+$/gmu, '');
}

/** Whether a text loops where the one before did not. */
function repeats(region: readonly string[], lines: readonly string[]): boolean {
  const long = (line: string): boolean => line.trim().length >= longLine;
  const short = (line: string): boolean => line.trim() !== '';
  const grows = (counts: (line: string) => boolean, least: number): boolean => {
    const longest = longestRun(lines, counts);
    return longest >= least && longest > longestRun(region, counts);
  };
  if (grows(short, run) || grows(long, 2)) return true;
  return loops(lines.join('\n')) && !loops(region.join('\n'));
}

function loops(text: string): boolean {
  return new RepetitionDetector(completionRepetition).push(text) !== null;
}

function longestRun(lines: readonly string[], counts: (line: string) => boolean): number {
  let [longest, now] = [0, 0];
  for (const [at, line] of lines.entries()) {
    now = counts(line) && line === lines[at - 1] ? now + 1 : 1;
    longest = Math.max(longest, now);
  }
  return longest;
}

/** Whether lines end with those below the region, or begin with those above, and did not before. */
function repeatsAround(file: EditedFile, all: readonly string[]): boolean {
  const [region, lines] = [trimmed(file.region), trimmed(all)];
  const [before, after] = [trimmed(file.before), trimmed(file.after)];
  const most = Math.min(mostAdded, lines.length - region.length);
  for (let count = 1; count <= most; count += 1) {
    const equal = (some: readonly string[], others: readonly string[]): boolean =>
      some.length === count &&
      some.some((line) => /\p{L}/u.test(line)) &&
      some.join('\n') === others.join('\n');
    if (equal(after.slice(0, count), lines.slice(-count))) return true;
    if (equal(before.slice(-count), lines.slice(0, count))) return true;
  }
  return false;
}

/** The smallest replacement of whole lines. */
function changeOf(
  firstLine: number,
  region: readonly string[],
  lines: readonly string[],
): LineChange | null {
  const most = Math.min(region.length, lines.length);
  let start = 0;
  while (start < most && region[start] === lines[start]) start += 1;
  let same = 0;
  while (same < most - start && region.at(-1 - same) === lines.at(-1 - same)) same += 1;
  const count = region.length - same - start;
  const added = lines.slice(start, lines.length - same);
  if (count === 0 && added.length === 0) return null;
  return { line: firstLine + start, count, lines: added };
}
