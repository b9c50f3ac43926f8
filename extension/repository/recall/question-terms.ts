import type { PathMention } from './path-resolver.ts';

type TermKind = 'path' | 'quoted' | 'identifier' | 'number' | 'word';

/** Something that a question names and that may stand in the repository's text. */
export interface QuestionTerm {
  readonly text: string;
  readonly kind: TermKind;
  /** The files that a path means and its lines; absent where nothing that was read is meant. */
  readonly mention?: PathMention;
}

/** What a question asks about an identifier. */
export type Intent = 'definition' | 'import' | 'use';

const stopWords = new Set(
  `a about all an and any are as at be been but by can could default defaults define defined
   defines definition do does doing each else every exactly explain file files find for from
   function functions get give given has have how i if in inside into is it its itself known line
   lines list made make many may me method methods mean means might module modules more much must my
   name named names need no not number of on one only or our out over parameter please quote repo
   repository return returned returns return's say set sets shall should show so some string tell
   than that the their them then there these they thing this those to too type use used uses using
   value values variable very want was way we were what what's when where whether which while who
   whose why will with within work works would you your code class const config constant come comes
   imported import imports calls called call contains contain`.split(/\s+/),
);

const quotedText =
  /`[^`\n]+`|"[^"\n]+"|“[^“”\n]+”|«[^«»\n]+»|„[^„“”\n]+[“”]|(?<!\w)'[^'\n]+'(?!\w)/gu;
const word = /[^\s()[\]{}<>,;!?"'`“”„«»]+/gu;
const dotted = /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.[a-z]{1,12}\d?$/u;
const nameText = /[\p{L}_$][\p{L}\p{M}\p{N}_$]*|\d{2,}/gu;

/** A word without the stops that end a sentence or a clause behind it. */
function withoutStops(text: string): string {
  let end = text.length;
  while (end > 0 && '.:*'.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Whether a text is written like a path, whether or not there is one. */
function isPathLike(text: string): boolean {
  return /^[^\s\\/]*[\\/]\S*$/u.test(text) || dotted.test(text);
}

/** Whether a word can hardly be anything but a name in code. */
function isIdentifier(name: string, startsSentence: boolean): boolean {
  return (
    /[_$]|\p{L}\d|\p{Ll}\p{Lu}/u.test(name) ||
    /^\p{Lu}{2,}$/u.test(name) ||
    (!startsSentence && /^\p{Lu}/u.test(name))
  );
}

class TermList {
  readonly terms: QuestionTerm[] = [];
  readonly #seen = new Set<string>();

  add(text: string, kind: TermKind, mention?: PathMention): void {
    if (!this.#seen.has(text)) {
      this.#seen.add(text);
      this.terms.push(mention === undefined ? { text, kind } : { text, kind, mention });
    }
  }

  /**
   * The names in a text.
   * @param kind null: judged by how each is written
   * @param dropped words that are left out
   */
  addNames(text: string, kind: 'quoted' | null, dropped: ReadonlySet<string> = stopWords): void {
    const first = /[\p{L}\p{N}_$]/u.exec(text)?.index ?? 0;
    for (const { 0: name, index } of text.matchAll(nameText)) {
      if (kind !== null) {
        this.add(name, kind);
      } else if (/^\d/.test(name)) {
        this.add(name, 'number');
      } else if (isIdentifier(name, index <= first)) {
        this.add(name, 'identifier');
      } else if (name.length > 1 && !dropped.has(name.toLowerCase())) {
        this.add(name, 'word');
      }
    }
  }
}

/**
 * What a question names: paths, quoted text, identifiers, numbers, and other telling words.
 * @param mentions the files that it names, in order
 */
export function questionTerms(
  question: string,
  mentions: readonly PathMention[] = [],
): QuestionTerm[] {
  const list = new TermList();
  const text = composed(withoutMentions(question, mentions, list));
  const unquoted = text.replace(quotedText, (quoted) => {
    const inside = quoted.slice(1, -1);
    // What is in no listing is still no name in code.
    if (/^[^\s\\/]*[\\/]\S*$/u.test(inside)) {
      list.add(inside, 'path');
    }
    list.addNames(inside, 'quoted');
    return ' ';
  });
  const rest = unquoted.replace(word, (written) => {
    const path = withoutStops(written);
    if (!isPathLike(path) || /^[\\/]+$/.test(path)) {
      return written;
    }
    list.add(path, 'path');
    // `config.port` is written like a file's name: then its parts are what there is to find.
    if (!/[\\/]/.test(path)) {
      list.addNames(path, 'quoted');
    }
    return ' ';
  });
  list.addNames(rest, null);
  return list.terms;
}

/** A text with its letters and marks in one form, as the index has them. */
function composed(text: string): string {
  return text.normalize('NFC');
}

/** A question without the files that it names: their names are no names in code. */
function withoutMentions(
  question: string,
  mentions: readonly PathMention[],
  list: TermList,
): string {
  const parts: string[] = [];
  let at = 0;
  for (const mention of mentions) {
    list.add(question.slice(mention.start, mention.end), 'path', mention);
    parts.push(question.slice(at, mention.start), ' ');
    at = mention.endWithLines;
  }
  parts.push(question.slice(at));
  return parts.join('');
}

/** Every word of a question: a name in code may be as common a word as any. */
export function questionWords(question: string): QuestionTerm[] {
  const list = new TermList();
  list.addNames(composed(question), null, new Set());
  return list.terms;
}

/** What a question asks for: where a name is defined, unless it speaks of imports or of uses. */
export function questionIntent(question: string): Intent {
  if (/\bimport|\bmodule\b/i.test(question)) {
    return 'import';
  }
  return /\b(?:call(?:s|ed|ers?|ing)|us(?:es?|ed|ages?|ing)|references?|referenced|invokes?)\b/i.test(
    question,
  )
    ? 'use'
    : 'definition';
}
