export type TermKind = 'path' | 'quoted' | 'identifier' | 'number' | 'word';

/** Something that a question names and that may stand in the repository's text. */
export interface QuestionTerm {
  readonly text: string;
  readonly kind: TermKind;
}

/** What of an identifier a question asks for. */
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

const quotedText = /`[^`\n]+`|"[^"\n]+"|“[^”\n]+”|(?<!\w)'[^'\n]+'(?!\w)/gu;
const pathText = /(?:[\w@.-]+\/)+[\w.-]*\w|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{1,5}\d?\b/gu;
const nameText = /[\p{L}_$][\p{L}\p{N}_$]*|\d{2,}/gu;

/** Whether a word can hardly be anything but a name in code. */
function isIdentifier(word: string, startsSentence: boolean): boolean {
  return (
    /[_$]|\p{L}\d|\p{Ll}\p{Lu}/u.test(word) ||
    /^\p{Lu}{2,}$/u.test(word) ||
    (!startsSentence && /^\p{Lu}/u.test(word))
  );
}

class TermList {
  readonly terms: QuestionTerm[] = [];
  readonly #seen = new Set<string>();

  add(text: string, kind: TermKind): void {
    if (!this.#seen.has(text)) {
      this.#seen.add(text);
      this.terms.push({ text, kind });
    }
  }

  /**
   * The names in a text.
   * @param kind null: judged by how each is written
   * @param dropped words that are left out
   */
  addNames(text: string, kind: 'quoted' | null, dropped: ReadonlySet<string> = stopWords): void {
    for (const { 0: name, index } of text.matchAll(nameText)) {
      if (kind !== null) {
        this.add(name, kind);
      } else if (/^\d/.test(name)) {
        this.add(name, 'number');
      } else if (isIdentifier(name, /^\W*$/.test(text.slice(0, index)))) {
        this.add(name, 'identifier');
      } else if (name.length > 1 && !dropped.has(name.toLowerCase())) {
        this.add(name, 'word');
      }
    }
  }
}

/** What a question names: paths, quoted text, identifiers, numbers, and other telling words. */
export function questionTerms(question: string): QuestionTerm[] {
  const list = new TermList();
  const unquoted = question.replace(quotedText, (quoted) => {
    const text = quoted.slice(1, -1);
    if (/^[\w@./-]*\/[\w@./-]*$/.test(text)) {
      list.add(text, 'path');
    }
    list.addNames(text, 'quoted');
    return ' ';
  });
  const rest = unquoted.replace(pathText, (path) => {
    list.add(path, 'path');
    // `config.port` is written like a file's name: then its parts are what there is to find.
    if (!path.includes('/')) {
      list.addNames(path, 'quoted');
    }
    return ' ';
  });
  list.addNames(rest, null);
  return list.terms;
}

/** Every word of a question: a name in code may be as common a word as any. */
export function questionWords(question: string): QuestionTerm[] {
  const list = new TermList();
  list.addNames(question, null, new Set());
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
