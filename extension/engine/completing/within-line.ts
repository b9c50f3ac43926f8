/**
 * A completion with text after it on its line: one line, or the block that its first line opens.
 */

import { fitBetween } from './line-end.ts';
import { nestingOf, openIn } from './nesting.ts';

/** The state of a text while it is written. */
interface Written {
  /** The line up to the cursor. */
  readonly before: string;
  /** The line from the cursor on; not blank. */
  readonly after: string;
  readonly text: string;
  /** Whether nothing follows. */
  readonly final: boolean;
}

/**
 * Returns the wanted part of a text between two parts of a line: its first line, without what
 * follows anyway. If that line leaves a bracket open (`map((a) => |)` and `{`), or breaks the line
 * between two brackets (`{|}`), the text continues up to the line that closes it.
 * @returns null while this is unknown.
 */
export function wantedWithin({ before, after, text, final }: Written): string | null {
  const newline = text.indexOf('\n');
  if (newline < 0) return final ? fitBetween(before, text, after) : null;
  const line = text.slice(0, newline);
  const fit = fitBetween(before, line, after);
  const breaks = line.trim() === '' && standsBetween(before, after);
  if (!breaks && !opensBlock(before, line, after, fit)) return fit;
  for (let end = newline; end < text.length;) {
    const next = text.indexOf('\n', end + 1);
    if (next < 0 && !final) return null;
    end = next < 0 ? text.length : next;
    const lines = text.slice(0, end);
    const wanted = fitBetween(before, lines, after);
    const [first] = openIn(before, lines);
    // A bracket may be open after the end: `})) {` if `) {` follows.
    if (first !== undefined && reachesUpTo(wanted, lines, first)) continue;
    if (!breaks || wanted.length < lines.length) return wanted;
  }
  if (!final) return null;
  // The text ends exactly at what follows.
  const whole = breaks && /\S\s*\n[\t ]*$/u.test(text) && openIn(before, text).length === 0;
  return whole ? text : fit;
}

/** Returns whether the only fault of a line is its first unmatched bracket. */
function opensBlock(before: string, line: string, after: string, fit: string): boolean {
  // A single-line quote does not continue.
  const [first] = openIn(before, `${line}\n`);
  if (first === undefined || !reachesUpTo(fit, line, first)) return false;
  // Do not write twice a block that follows anyway: `if (|) {`.
  const whole = before + after;
  return !nestingOf(whole).open.some((at) => {
    return at >= before.length && whole.charAt(at) === line.charAt(first);
  });
}

/** Returns whether the beginning of a text reaches a place in it, ignoring spaces. */
function reachesUpTo(beginning: string, text: string, place: number): boolean {
  return text.slice(beginning.trimEnd().length, place).trim() === '';
}

/** Returns whether the cursor is directly between two brackets, or a tag and its end. */
function standsBetween(before: string, after: string): boolean {
  const left = before.trimEnd();
  const right = after.trimStart();
  const pair = left.slice(-1) + right.charAt(0);
  return ['()', '[]', '{}'].includes(pair) || (left.endsWith('>') && right.startsWith('</'));
}
