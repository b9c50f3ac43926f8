/**
 * The parser of answers: the part of Markdown that models write, without anything that would change
 * code. There are no entities, escapes, HTML, links, images or underlined headings, and no emphasis
 * but **double stars**; line breaks are kept.
 */

import MarkdownIt from 'markdown-it';
import type { MarkdownIt as Parser, StateBlock, StateInline } from 'markdown-it';
import { starsAt } from './bold.ts';

type BlockRule = (
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
) => boolean;

const blockRules = ['code', 'fence', 'blockquote', 'hr', 'list', 'heading', 'paragraph'];

/** Deeper lists and quotations are not parsed; the caller notices the missing text. */
const maxNesting = 24;

/** @param tables if false, lines of tables are paragraphs */
export function createParser({ tables }: { readonly tables: boolean }): Parser {
  const parser = new MarkdownIt({ html: false, maxNesting });
  parser.core.ruler.enableOnly(['normalize', 'block', 'inline', 'text_join']);
  parser.block.ruler.enableOnly(tables ? ['table', ...blockRules] : blockRules);
  parser.inline.ruler.enableOnly(['text', 'backticks', 'emphasis']);
  parser.inline.ruler2.enableOnly(['balance_pairs', 'emphasis', 'fragments_join']);
  // The original rule also replaces NUL, which we show as a mark.
  parser.core.ruler.at('normalize', (state) => {
    state.src = state.src.replace(/\r\n?/gu, '\n');
  });
  parser.inline.ruler.at('emphasis', tokenizeStars);
  restrict(parser, 'heading', opensHeading, ['paragraph', 'blockquote', 'list']);
  restrict(parser, 'blockquote', opensQuote, ['paragraph', 'blockquote', 'list']);
  restrict(parser, 'list', (line) => !line.startsWith('+'), ['paragraph', 'blockquote']);
  restrict(parser, 'hr', (line) => !line.startsWith('_'), ['paragraph', 'blockquote', 'list']);
  return parser;
}

/** A single `#` inside a paragraph is a comment of code without a fence. */
function opensHeading(line: string, interrupts: boolean): boolean {
  return !interrupts || line.startsWith('##');
}

/** `>= 5` is not a quotation. */
function opensQuote(line: string): boolean {
  return /^>(?:[ \t>]|$)/u.test(line);
}

/**
 * Restricts a rule of the library to fewer lines.
 * @param accepts receives the start of a line and whether it would end a paragraph
 * @param ends the blocks that such a line ends
 */
function restrict(
  parser: Parser,
  name: string,
  accepts: (line: string, interrupts: boolean) => boolean,
  ends: string[],
): void {
  const rule = originalRule(name);
  const restricted: BlockRule = (state, startLine, endLine, silent) => {
    const start = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
    const line = state.src.slice(start, Math.min(start + 8, state.eMarks[startLine] ?? start));
    const interrupts = silent && state.parentType === 'paragraph';
    return accepts(line, interrupts) && rule(state, startLine, endLine, silent);
  };
  parser.block.ruler.at(name, restricted, { alt: ends });
}

function originalRule(name: string): BlockRule {
  const { ruler } = new MarkdownIt().block;
  ruler.enableOnly([name]);
  const [rule] = ruler.getRules('');
  if (rule === undefined) throw new Error(`The parser has no rule "${name}".`);
  return rule;
}

/** Parses stars: exactly two may open or close bold text; all others are text. */
function tokenizeStars(state: StateInline, silent: boolean): boolean {
  if (silent || state.src[state.pos] !== '*') return false;
  let length = 1;
  while (state.src[state.pos + length] === '*') length += 1;
  const stars = starsAt(state.src, state.pos);
  if (stars === null) {
    state.pending += '*'.repeat(length);
  } else {
    for (let i = 0; i < length; i++) {
      const token = state.push('text', '', 0);
      token.content = '*';
      state.delimiters.push({
        marker: 0x2a,
        length,
        token: state.tokens.length - 1,
        end: -1,
        open: stars.opens,
        close: stars.closes,
      });
    }
  }
  state.pos += length;
  return true;
}
