import { CodeLines } from './code-lines.ts';
import type { BlockComment, Lexis, StringSyntax } from './lexis.ts';
import { heredocEnd } from './heredoc.ts';
import { close, newline, open, space, special, tableOf, word } from './lexer-table.ts';
import type { LexerTable } from './lexer-table.ts';
import { characterEnd, rawStringClose, regularExpressionEnd } from './literals.ts';

/** Limits the searches for ends that never come in a text full of unterminated openers. */
const maxFailedHeredocs = 64;
const maxOpenSlashes = 64;

/**
 * Separates code from comments and strings, and counts brackets, line by line. Reads any input in
 * one pass without recursion: anything unterminated extends to the end of the text, or of its line.
 */
export function scanLines(text: string, lexis: Lexis): CodeLines {
  return new Lexer(text, lexis).run();
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

class Lexer {
  readonly #text: string;
  readonly #lexis: Lexis;
  readonly #table: LexerTable;
  readonly #lines: CodeLines;
  /** The bracket depths at which the code within templates ends. */
  readonly #templates: number[] = [];
  #at: number;
  #line = 0;
  #depth = 0;
  #round = 0;
  /** Whether the line so far only closes brackets. */
  #closing = true;
  #heredoc: string | null = null;
  #failedHeredocs = 0;
  /** Slashes of the line that did not begin a regular expression. */
  #openSlashes = 0;

  constructor(text: string, lexis: Lexis) {
    this.#text = text;
    this.#lexis = lexis;
    this.#table = tableOf(lexis);
    this.#lines = new CodeLines(text);
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  run(): CodeLines {
    const text = this.#text;
    const { kinds } = this.#table;
    while (this.#at < text.length) {
      const character = text.charCodeAt(this.#at);
      switch (character < 128 ? kinds[character] : word) {
        case space:
          this.#at++;
          break;
        case newline:
          this.#at++;
          this.#newline(this.#templates.length > 0);
          if (this.#heredoc !== null) this.#skipHeredoc(this.#heredoc);
          break;
        case open:
          this.#take(this.#at + 1);
          this.#depth++;
          if (character !== 0x7b) this.#round++;
          break;
        case close:
          this.#close(character);
          break;
        case special:
          this.#special(character);
          break;
        default:
          this.#take(this.#at + 1);
      }
    }
    return this.#lines;
  }

  /** Marks the text before `to` as code of the line. */
  #take(to: number): void {
    if (to <= this.#at) return;
    const { first, end } = this.#lines;
    if (first[this.#line] === -1) first[this.#line] = this.#at;
    end[this.#line] = to;
    this.#at = to;
    this.#closing = false;
  }

  #newline(inside: boolean): void {
    this.#line++;
    this.#lines.depth[this.#line] = this.#depth;
    this.#lines.level[this.#line] = this.#depth;
    this.#lines.round[this.#line] = this.#round;
    this.#lines.inside[this.#line] = inside ? 1 : 0;
    this.#closing = !inside;
    this.#openSlashes = 0;
  }

  #close(character: number): void {
    const closing = this.#closing;
    this.#take(this.#at + 1);
    this.#depth = Math.max(0, this.#depth - 1);
    if (character !== 0x7d) this.#round = Math.max(0, this.#round - 1);
    if (closing) {
      this.#lines.level[this.#line] = this.#depth;
      this.#closing = true;
    }
    const template = this.#templates.at(-1) ?? -1;
    if (character === 0x7d && this.#depth <= template) {
      this.#templates.pop();
      this.#depth = template;
      this.#template();
    }
  }

  #special(character: number): void {
    const text = this.#text;
    for (const opener of this.#table.openers.get(character) ?? []) {
      if (!text.startsWith(opener.open, this.#at)) continue;
      if (opener.kind === 'line') {
        if (this.#lexis.commentsAtWords && !this.#atWord()) continue;
        this.#at = lineEnd(text, this.#at);
        return;
      }
      if (opener.kind === 'block') {
        if (opener.atLineStart === true && !this.#atLineStart()) continue;
        this.#skipComment(opener);
        return;
      }
      const raw = rawStringClose(text, this.#at, this.#lexis.rawStrings);
      this.#take(this.#at + opener.open.length);
      if (raw === null) this.#skipString(opener);
      else this.#skipString({ open: '"', close: raw, multiline: true, escapes: false });
      return;
    }
    if (character === 0x27 && this.#lexis.characters) {
      this.#take(characterEnd(text, this.#at));
    } else if (character === 0x60 && this.#lexis.templates) {
      this.#take(this.#at + 1);
      this.#template();
    } else if (character === 0x2f && this.#lexis.templates) {
      this.#slash();
    } else if (character === 0x3c && this.#lexis.heredoc !== null) {
      this.#openHeredoc(this.#lexis.heredoc);
    } else {
      this.#take(this.#at + 1);
    }
  }

  #slash(): void {
    const from = this.#lines.first[this.#line] ?? -1;
    const before = from === -1 ? '' : this.#text.slice(Math.max(from, this.#at - 12), this.#at);
    const mayBegin = this.#openSlashes < maxOpenSlashes;
    const end = mayBegin ? regularExpressionEnd(this.#text, this.#at, before) : this.#at + 1;
    if (end === this.#at + 1) this.#openSlashes++;
    this.#take(end);
  }

  #atLineStart(): boolean {
    return this.#at === 0 || this.#text.charCodeAt(this.#at - 1) === 0x0a;
  }

  #atWord(): boolean {
    return this.#at === 0 || /[\s;&|()]/.test(this.#text.charAt(this.#at - 1));
  }

  #skipComment({ open: begin, close: end, nests, atLineStart }: BlockComment): void {
    const text = this.#text;
    let nesting = 1;
    this.#at += begin.length;
    while (this.#at < text.length) {
      const character = text.charCodeAt(this.#at);
      if (character === 0x0a) {
        this.#at++;
        this.#newline(true);
        if (atLineStart !== true || !text.startsWith(end, this.#at)) continue;
        this.#at = lineEnd(text, this.#at);
        return;
      }
      if (atLineStart !== true && text.startsWith(end, this.#at)) {
        this.#at += end.length;
        if (--nesting === 0) return;
      } else if (nests === true && text.startsWith(begin, this.#at)) {
        this.#at += begin.length;
        nesting++;
      } else {
        this.#at++;
      }
    }
  }

  #skipString({ close: end, multiline, escapes }: StringSyntax): void {
    const text = this.#text;
    const last = end.charCodeAt(0);
    // A backslash continues a line in any string.
    let continued = -1;
    let at = this.#at;
    for (; at < text.length; at++) {
      const character = text.charCodeAt(at);
      if (character === 0x0a) {
        this.#take(at);
        if (!multiline && continued !== at) return;
        this.#at++;
        this.#newline(true);
      } else if (character === last && text.startsWith(end, at)) {
        at += end.length;
        break;
      } else if (escapes && character === 0x5c) {
        if (text.charCodeAt(at + 1) === 0x0a) continued = at + 1;
        else at++;
      }
    }
    this.#take(Math.min(at, text.length));
  }

  /** Skips a template's text to its end, or to the code within it. */
  #template(): void {
    const text = this.#text;
    let at = this.#at;
    for (; at < text.length; at++) {
      const character = text.charCodeAt(at);
      if (character === 0x0a) {
        this.#take(at);
        this.#at++;
        this.#newline(true);
      } else if (character === 0x5c && text.charCodeAt(at + 1) !== 0x0a) {
        at++;
      } else if (character === 0x60) {
        at++;
        break;
      } else if (character === 0x24 && text.charCodeAt(at + 1) === 0x7b) {
        this.#templates.push(this.#depth++);
        at += 2;
        break;
      }
    }
    this.#take(Math.min(at, text.length));
  }

  #openHeredoc(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) {
      this.#take(this.#at + 1);
      return;
    }
    this.#heredoc = match[1] ?? match[2] ?? match[3] ?? null;
    this.#take(this.#at + match[0].length);
  }

  #skipHeredoc(word: string): void {
    this.#heredoc = null;
    if (this.#failedHeredocs >= maxFailedHeredocs) return;
    const end = heredocEnd(this.#text, this.#at, word);
    if (end === null) {
      this.#failedHeredocs++;
      return;
    }
    this.#lines.inside[this.#line] = 1;
    while (this.#at < end) {
      this.#at = lineEnd(this.#text, this.#at);
      if (this.#at === this.#text.length) return;
      this.#at++;
      this.#newline(this.#at < end);
    }
  }
}
