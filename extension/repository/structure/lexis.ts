/** What opens and closes the parts of a language's text that are not code. */
export interface Lexis {
  /** They end with their line. */
  readonly lineComments: readonly string[];
  readonly blockComments: readonly BlockComment[];
  /** Where two begin alike, the longer counts. */
  readonly strings: readonly StringSyntax[];
  /** `'x'` is one character: other apostrophes (lifetimes, digit separators) open nothing. */
  readonly characters: boolean;
  /** Strings with the delimiter of C++ (`R"x(`) or Rust (`r#"`). */
  readonly rawStrings: 'c++' | 'rust' | null;
  /** JavaScript's `text ${code} text` in backquotes, and regular expressions between slashes. */
  readonly templates: boolean;
  /** At `<<`; the first group that took part is the word that ends it. Sticky. */
  readonly heredoc: RegExp | null;
  /** Comments begin only where a word may (shell: `$#` and `a#b` are code). */
  readonly commentsAtWords: boolean;
  /** Whether brackets mean nesting; not in shell, where `a)` is a case. */
  readonly brackets: boolean;
}

export interface BlockComment {
  readonly open: string;
  readonly close: string;
  readonly nests?: boolean;
  /** Only at the start of a line, both. */
  readonly atLineStart?: boolean;
}

export interface StringSyntax {
  readonly open: string;
  readonly close: string;
  /** Otherwise it ends with its line at the latest, whatever was forgotten. */
  readonly multiline: boolean;
  /** A backslash takes the next character with it. */
  readonly escapes: boolean;
}

/** A string between two equal quotes. */
export function quoted(quote: string, multiline = false, escapes = true): StringSyntax {
  return { open: quote, close: quote, multiline, escapes };
}

/** The lexis of C's descendants, with what differs. */
export function braces(changes: Partial<Lexis> = {}): Lexis {
  return {
    lineComments: ['//'],
    blockComments: [{ open: '/*', close: '*/' }],
    strings: [quoted('"')],
    characters: true,
    rawStrings: null,
    templates: false,
    heredoc: null,
    commentsAtWords: false,
    brackets: true,
    ...changes,
  };
}
