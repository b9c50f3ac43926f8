/** The delimiters of the parts of a language's text that are not code. */
export interface Lexis {
  /** They end at the line's end. */
  readonly lineComments: readonly string[];
  readonly blockComments: readonly BlockComment[];
  /** If one opener begins another, the longer one counts. */
  readonly strings: readonly StringSyntax[];
  /**
   * Whether `'x'` is one character; other apostrophes (lifetimes, digit separators) open nothing.
   */
  readonly characters: boolean;
  /** Strings with delimiters as in C++ (`R"x(`) or Rust (`r#"`). */
  readonly rawStrings: 'c++' | 'rust' | null;
  /** JavaScript's `text ${code} text` in backquotes, and regular expressions between slashes. */
  readonly templates: boolean;
  /** Matches at `<<`; the first group that took part is the end word. Sticky. */
  readonly heredoc: RegExp | null;
  /** Comments begin only where a word may (shell: `$#` and `a#b` are code). */
  readonly commentsAtWords: boolean;
  /** Whether brackets nest; not in shell, where `a)` is a case. */
  readonly brackets: boolean;
}

export interface BlockComment {
  readonly open: string;
  readonly close: string;
  readonly nests?: boolean;
  /** Both delimiters count only at the start of a line. */
  readonly atLineStart?: boolean;
}

export interface StringSyntax {
  readonly open: string;
  readonly close: string;
  /** If false, it ends at the line's end even if unterminated. */
  readonly multiline: boolean;
  /** Whether a backslash escapes the next character. */
  readonly escapes: boolean;
}

/** A string between two identical quotes. */
export function quoted(quote: string, multiline = false, escapes = true): StringSyntax {
  return { open: quote, close: quote, multiline, escapes };
}

/** The lexis of C-like languages, with changes. */
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
