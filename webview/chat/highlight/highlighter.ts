/** Splits code into tokens, line by line, while it is written. */

import { StringStream } from '@codemirror/streamparser';
import { copyOf } from './copy-state.ts';
import type { Language } from './languages.ts';

/** What a token is; the style sheet has a colour for each. */
type TokenKind = 'atom' | 'comment' | 'function' | 'keyword' | 'number' | 'string' | 'type';

export interface Token {
  readonly text: string;
  /** Null: plain text. */
  readonly kind: TokenKind | null;
}

/**
 * A parser may look at all of a line for each of its tokens, and at all brackets that are open; within
 * these lengths, in UTF-16 units, that takes milliseconds. Longer lines and what follows in longer
 * blocks are plain.
 */
const longestLine = 1_000;
const longestCode = 20_000;

/** A parser may change its state without reading anything, but not for ever. */
const mostIdleSteps = 20;
const tabSize = 4;
const indentUnit = 2;

/** Splits the lines of one text, in order: what was split is never looked at again. */
export class Highlighter {
  readonly #language: Language;
  #state: unknown;
  #length = 0;
  #broken = false;

  /** @param language that of the text */
  constructor(language: Language) {
    this.#language = language;
    this.#state = language.startState?.(indentUnit);
  }

  /**
   * Returns the tokens of the next line, whose texts together are the line.
   * @param line without its line break
   */
  next(line: string): Token[] {
    this.#length += line.length + 1;
    if (this.#isPlain(line)) return plain(line);
    try {
      return tokensOf(line, this.#language, this.#state);
    } catch {
      // The state is not to be trusted any more.
      this.#broken = true;
      return plain(line);
    }
  }

  /**
   * Returns the tokens of the next line as far as it is written; the line itself is still to come.
   * @param line without its line break
   */
  peek(line: string): Token[] {
    if (this.#isPlain(line)) return plain(line);
    try {
      return tokensOf(line, this.#language, copyOf(this.#language, this.#state));
    } catch {
      return plain(line);
    }
  }

  #isPlain(line: string): boolean {
    return this.#broken || line.length > longestLine || this.#length > longestCode;
  }
}

function plain(line: string): Token[] {
  return line === '' ? [] : [{ text: line, kind: null }];
}

function tokensOf(line: string, language: Language, state: unknown): Token[] {
  const tokens: { text: string; kind: TokenKind | null }[] = [];
  if (line === '') {
    language.blankLine?.(state, indentUnit);
    return tokens;
  }
  const stream = new StringStream(line, tabSize, indentUnit);
  let idle = 0;
  while (stream.pos < line.length) {
    stream.start = stream.pos;
    const kind = kindOf(language.token(stream, state));
    if (stream.pos === stream.start) {
      if (++idle > mostIdleSteps) throw new Error('The parser does not advance.');
      continue;
    }
    idle = 0;
    if (isCut(line, stream.pos)) stream.pos += 1;
    const text = line.slice(stream.start, stream.pos);
    const last = tokens.at(-1);
    if (last?.kind === kind) last.text += text;
    else tokens.push({ text, kind });
  }
  return tokens;
}

/** The first words of parsers' styles; what is not here is plain. */
const styles: Readonly<Record<TokenKind, string>> = {
  atom: 'atom self meta attribute attributeName labelName',
  comment: 'comment',
  function: 'def macroName',
  keyword: 'keyword modifier tag tagName heading deleted',
  number: 'number unit',
  string: 'string regexp character quote link inserted',
  type: 'type builtin className typeName namespace qualifier',
};

const kinds = new Map(
  Object.entries(styles).flatMap(([kind, words]) =>
    words.split(' ').map((word) => [word, kind as TokenKind] as const),
  ),
);

/**
 * Returns what a parser's style is: `keyword`, `variableName.special`, `string.special`.
 * @param style parsers written in JavaScript return nothing for plain text as well
 */
function kindOf(style: string | null | undefined): TokenKind | null {
  return kinds.get(/^[^\s.]*/u.exec(style ?? '')?.[0] ?? '') ?? null;
}

/** Returns whether an offset is inside a surrogate pair. */
function isCut(text: string, at: number): boolean {
  return at < text.length && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
