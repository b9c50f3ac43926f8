/** A completion with text behind it on its line: one line, or the block that its first line opens. */

import { fitBetween } from './line-end.ts';
import { nestingOf, openIn } from './nesting.ts';

/** What is known of a text while it is written. */
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
 * What is wanted of a text between two parts of a line: its first line, without what stands there
 * anyway. Where that line opens a bracket and leaves it open (`map((a) => |)` and `{`), or breaks the
 * line between two brackets (`{|}`), the text goes on up to the line that closes it.
 * @returns null while that is not known.
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
    // A bracket may be open behind the end: `})) {` where `) {` follows.
    if (first !== undefined && reachesUpTo(wanted, lines, first)) continue;
    if (!breaks || wanted.length < lines.length) return wanted;
  }
  if (!final) return null;
  // Written up to what follows, and not further.
  const whole = breaks && /\S\s*\n[\t ]*$/u.test(text) && openIn(before, text).length === 0;
  return whole ? text : fit;
}

/** Whether a line's first bracket without a partner is all that is wrong with it. */
function opensBlock(before: string, line: string, after: string, fit: string): boolean {
  // A quote of one line does not go on.
  const [first] = openIn(before, `${line}\n`);
  if (first === undefined || !reachesUpTo(fit, line, first)) return false;
  // The block that follows anyway is not to be written twice: `if (|) {`.
  const whole = before + after;
  return !nestingOf(whole).open.some((at) => {
    return at >= before.length && whole.charAt(at) === line.charAt(first);
  });
}

/** Whether a beginning of a text goes as far as a place in it, but for blanks. */
function reachesUpTo(beginning: string, text: string, place: number): boolean {
  return text.slice(beginning.trimEnd().length, place).trim() === '';
}

/** Whether the cursor stands directly between two brackets, or a tag and its end. */
function standsBetween(before: string, after: string): boolean {
  const left = before.trimEnd();
  const right = after.trimStart();
  const pair = left.slice(-1) + right.charAt(0);
  return ['()', '[]', '{}'].includes(pair) || (left.endsWith('>') && right.startsWith('</'));
}
