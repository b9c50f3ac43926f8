/**
 * Decides whether an answer is Markdown or raw text.
 *
 * An answer is Markdown if one of its lines opens a fenced block, has words in **double stars**, is
 * the delimiter row of a table, or begins a sentence. A sentence starts a line, or an item such as
 * `1. `, with three words of which the first is capitalised; or it has at least three words without
 * an operator before them and a full stop after them. Every other answer is shown verbatim.
 *
 * Text added at the end never removes a reason. So an answer that is being written starts verbatim,
 * becomes Markdown at most once, and remains Markdown.
 */

import { findBold } from './bold.ts';

/** Longer answers are shown verbatim, because creating their elements would take seconds. */
export const longestMarkdown = 20_000;

/**
 * Decides by the rule above, in linear time.
 * @param text the whole answer so far
 * @param done whether the answer is complete; until then, its last line may grow
 */
export function isMarkdown(text: string, done: boolean): boolean {
  if (text.length > longestMarkdown) return false;
  const lines = text.trimStart().split(/\r\n?|\n/u);
  return lines.some((line, i) => {
    const ended = done || i < lines.length - 1;
    return opensFence(line) || isTableHead(lines[i - 1], line, ended) || isWritten(line, ended);
  });
}

/** Three backticks or tildes, indented at most as far as a block may be. */
function opensFence(line: string): boolean {
  return /^ {0,3}(?:`{3}|~{3})/u.test(line);
}

/** A line such as `|---|:-:|` below a line with columns. */
function isTableHead(above: string | undefined, line: string, ended: boolean): boolean {
  if (!ended || above?.includes('|') !== true || !line.includes('|')) return false;
  return line.includes('-') && !/[^|:\- \t]/u.test(line);
}

/** Returns whether the line is prose: bold words or a sentence. */
function isWritten(line: string, ended: boolean): boolean {
  if (findBold(line, ended)) return true;
  const marker = /^\d{1,3}[.)] +/u.exec(line)?.[0] ?? '';
  return isSentence(line.slice(marker.length), ended);
}

const longestWord = 60;
/** Matches `A` and `I`, but not `SELECT`. */
const capitalised = /^[“(]?\p{Lu}(?:[\p{Ll}\p{M}'’-]*\p{Ll})?[,:]?$/u;
const plainWord = /^["'“‘(]?\p{L}[\p{L}\p{M}'’-]*["'”’),.;:!?]{0,3}$/u;
/** A plain word, or a name, path, number or code span. */
const word = /^["'“‘(]?(?:`[^`]+`|[\p{L}\p{N}][\p{L}\p{M}\p{N}_'’./-]*)["'”’),.;:!?]{0,3}$/u;
const fullStop = /[\p{L}\p{N}`)"'”*][.!?]["'”)]?$/u;
/** Four letters of a script without capitals; most of these scripts have no spaces either. */
const caseless = /^[“「『（(]?(?:\p{Lo}\p{M}*\s?){4}/u;

function isSentence(line: string, ended: boolean): boolean {
  if (caseless.test(line)) return true;
  // A straight quote starts a string.
  if (!/^[\p{L}\p{N}`“(]/u.test(line)) return false;
  let tokens = 0;
  let words = 0;
  let plain = 0;
  let begins = false;
  for (const { 0: token, index } of line.matchAll(/["'“(]?`[^`]+`\S*|\S+/gu)) {
    // The last token may still grow.
    if (!ended && index + token.length === line.length) return false;
    const short = token.length <= longestWord;
    tokens += 1;
    if (tokens === 1) begins = short && capitalised.test(token);
    if (short && word.test(token)) words += 1;
    if (short && plainWord.test(token)) plain += 1;
    if (begins && tokens === 3 && words === 3 && plain >= 2) return true;
    if (!/[\p{L}\p{N}–—]/u.test(token)) return false;
    if (words >= 3 && plain >= 1 && fullStop.test(token.slice(-4))) return true;
  }
  return false;
}
