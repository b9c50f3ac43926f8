/**
 * Links for the files that an answer names. Only the engine resolves spellings to files; here they
 * are found again in the text, exactly as spelt.
 */

import type { Mention } from '../../extension/protocol/answer.ts';

export interface Reference {
  readonly path: string;
  readonly fromLine: number | null;
  readonly toLine: number | null;
}

export type Segment = string | { readonly text: string; readonly reference: Reference };

/** Longer spellings are ignored, so that the time stays proportional to the text. */
const longestSpelling = 500;
const mostSpellings = 10_000;

interface Node {
  readonly next: Map<string, Node>;
  reference: Reference | null;
}

/** The spellings of one answer. */
export class Mentions {
  readonly #root: Node = { next: new Map(), reference: null };

  /** @param mentions as the engine resolved them */
  constructor(mentions: readonly Mention[]) {
    for (const { text, path, fromLine, toLine } of mentions.slice(0, mostSpellings)) {
      const reference = { path, fromLine, toLine };
      this.#add(text, reference);
      // In Markdown, the backticks of `a.ts`:3 are gone, and the lines are outside the code span.
      const quoted = /^`([^`]+)`(?:$|[:#(, ])/u.exec(text)?.[1];
      if (quoted !== undefined) this.#add(quoted, reference);
    }
  }

  /**
   * Splits a text at the spellings in it: the longest at each place, but none inside a longer word,
   * number or path.
   * @param whole whether the text is a separate unit, such as a code span: only there, a spelling
   *   that looks like a plain word is a file
   */
  split(text: string, whole: boolean): Segment[] {
    const segments: Segment[] = [];
    let end = 0;
    for (let at = 0; at < text.length; at++) {
      if (!this.#root.next.has(text.charAt(at)) || !startsHere(text, at)) continue;
      const found = this.#longest(text, at, whole);
      if (found === null) continue;
      if (at > end) segments.push(text.slice(end, at));
      segments.push({ text: text.slice(at, found.end), reference: found.reference });
      end = found.end;
      at = end - 1;
    }
    if (end < text.length) segments.push(text.slice(end));
    return segments;
  }

  #add(text: string, reference: Reference): void {
    if (text === '' || text.length > longestSpelling) return;
    let node = this.#root;
    for (let at = 0; at < text.length; at++) {
      let next = node.next.get(text.charAt(at));
      if (next === undefined) {
        next = { next: new Map(), reference: null };
        node.next.set(text.charAt(at), next);
      }
      node = next;
    }
    node.reference ??= reference;
  }

  #longest(
    text: string,
    from: number,
    whole: boolean,
  ): { readonly end: number; readonly reference: Reference } | null {
    let found: { readonly end: number; readonly reference: Reference } | null = null;
    let node = this.#root;
    for (let at = from; at < text.length; at++) {
      const next = node.next.get(text.charAt(at));
      if (next === undefined) break;
      node = next;
      const end = at + 1;
      if (node.reference === null || !endsHere(text, end)) continue;
      const alone = whole && from === 0 && end === text.length;
      if (alone || !isPlainWord(text.slice(from, end))) found = { end, reference: node.reference };
    }
    return found;
  }
}

/**
 * Characters that extend a word or a path: letters of any script, digits, and joining characters.
 */
const joinsBefore = /[\p{L}\p{M}\p{N}\p{Join_Control}_/\\.$@%~+#-]/u;
const joinsAfter = /[\p{L}\p{M}\p{N}\p{Join_Control}_/\\$@%~+#]/u;
/** These join only if something follows: a full stop may end a sentence. */
const joinsBetween = /^[.-][\p{L}\p{N}_]/u;
/** A spelling in quotes needs no further boundary. */
const quotes = /["'`“”‘’«»]/u;

function startsHere(text: string, at: number): boolean {
  return at === 0 || quotes.test(text.charAt(at)) || !joinsBefore.test(before(text, at));
}

function endsHere(text: string, end: number): boolean {
  if (end === text.length || quotes.test(text.charAt(end - 1))) return true;
  const after = String.fromCodePoint(text.codePointAt(end) ?? 0x20);
  return !joinsAfter.test(after) && !joinsBetween.test(text.slice(end, end + 3));
}

function before(text: string, at: number): string {
  const low = text.charCodeAt(at - 1);
  const paired = low >= 0xdc00 && low <= 0xdfff && at > 1;
  return paired ? text.slice(at - 2, at) : text.charAt(at - 1);
}

/** Matches `run`, which may be a file but usually is a word; not `Makefile` or `a.ts`. */
function isPlainWord(text: string): boolean {
  return /^[\p{Ll}\p{Lo}\p{M}]+$/u.test(text);
}
