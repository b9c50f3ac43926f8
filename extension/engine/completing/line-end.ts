/** A completion between two parts of a line: removes a repetition of the second part. */

import { nestingOf, tagsOf } from './nesting.ts';

/** A possible end of a text, and how well the line then fits together. */
interface Cut {
  readonly at: number;
  /** The change in the number of unmatched brackets, quotes and tags of the line by the text. */
  readonly loose: number;
  /** Brackets that the text opens and that stay open without its end. */
  readonly torn: number;
}

/**
 * The end of a statement, a bracket, a quote or, after further arguments, a call: text after it no
 * longer belongs to this place.
 */
const leaving = /^(?:[)\]};"'`]|,.*[)\]}])/u;

/**
 * Returns the wanted part of a text between two parts of a line. If a text ends with the beginning
 * of what follows, removes this end, unless brackets and quotes show that it belongs to the text:
 * `console.log(|);` keeps `format(x)` but removes the bracket of `"x")`.
 * @param before the line up to the cursor.
 * @param text one line, or a block that its first line opens.
 * @param after the line from the cursor on; not blank.
 */
export function fitBetween(before: string, text: string, after: string): string {
  const follows = after.trimEnd();
  const line = text.trimEnd();
  const own = (at: number): number => at - before.length;
  const isOwn = (at: number): boolean => at >= 0 && at < line.length;
  const { pairs, loose } = nestingOf(before + line);
  const whole = nestingOf(before + line + follows);
  const without = looseIn(before + follows);
  const ends = new Set([line.length]);
  for (const rest of new Set([follows, follows.trimStart()])) {
    for (const end of repeatsOf(line, rest)) ends.add(end);
  }
  // Brackets that the text leaves open, and those that it closes although the line does.
  for (const at of [...loose, ...whole.loose].map(own)) if (isOwn(at)) ends.add(at);
  for (const [open, close] of pairs) {
    const closer = line.charAt(own(close));
    const closesOuter = own(open) < 0 && isOwn(own(close)) && ')]}'.includes(closer);
    if (closesOuter && follows.trimStart().startsWith(closer)) ends.add(own(close));
  }
  const cuts = [...ends].map((at): Cut => ({
    at,
    loose: Math.abs(looseIn(before + line.slice(0, at) + follows) - without),
    torn: pairs.filter(([open, close]) => {
      return isOwn(own(open)) && own(open) < at && own(close) >= at;
    }).length,
  }));
  const best = cuts.reduce((a, b) => (isBetter(b, a) ? b : a));
  if (best.at === line.length) return text;
  const wanted = line.slice(0, best.at);
  // The line of a closing bracket keeps its indentation.
  return /^[)\],;]/u.test(follows) ? wanted.replace(/(?<=\S)[\t ]+$/u, '') : wanted;
}

function looseIn(code: string): number {
  return nestingOf(code).loose.length + tagsOf(code).loose;
}

/** Compares cuts; of two that fit equally well, the one that removes more is better. */
function isBetter(a: Cut, b: Cut): boolean {
  if (a.loose !== b.loose) return a.loose < b.loose;
  return a.torn === b.torn ? a.at < b.at : a.torn < b.torn;
}

/**
 * Yields where a text begins to repeat what follows it, up to its own end or all of what follows.
 */
function* repeatsOf(line: string, rest: string): Generator<number> {
  const leaves = leaving.test(rest);
  for (let at = 0; at < line.length; at += 1) {
    if (rest.startsWith(line.slice(at)) || (leaves && line.startsWith(rest, at))) yield at;
  }
}
