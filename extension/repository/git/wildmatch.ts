import { type BytePath, foldCase } from '../disk/byte-path.ts';
import { characterClasses } from './character-classes.ts';

/** How a match failed: here, for the current star, or for every open star. */
type Outcome = 'match' | 'mismatch' | 'abort-to-double-star' | 'abort';

/** Whether a character is special in a pattern. */
export function isGlobSpecial(character: string): boolean {
  return character === '*' || character === '?' || character === '[' || character === '\\';
}

/**
 * Matches one pattern against one path with the steps of git's `wildmatch.c`, because rules are
 * written against its corner cases (`a**` before a slash, an unterminated class). Failed states are
 * remembered, so even a hostile pattern takes time proportional to pattern times path.
 */
class Match {
  readonly #pattern: string;
  readonly #text: string;
  readonly #pathname: boolean;
  readonly #ignoreCase: boolean;
  readonly #known = new Map<number, Outcome>();

  constructor(pattern: string, text: string, pathname: boolean, ignoreCase: boolean) {
    this.#pattern = pattern;
    this.#text = text;
    this.#pathname = pathname;
    this.#ignoreCase = ignoreCase;
  }

  /** Matches the pattern from `start` against the text from `from`. */
  run(start: number, from: number): Outcome {
    const key = start * (this.#text.length + 1) + from;
    const known = this.#known.get(key);
    if (known !== undefined) {
      return known;
    }
    const outcome = this.#compute(start, from);
    this.#known.set(key, outcome);
    return outcome;
  }

  #compute(start: number, from: number): Outcome {
    const pattern = this.#pattern;
    let p = start;
    let t = from;
    for (; p < pattern.length; p++, t++) {
      const character = pattern.charAt(p);
      const actual = this.#fold(this.#text.charAt(t));
      if (actual === '' && character !== '*') {
        return 'abort';
      }
      if (character === '*') {
        return this.#star(start, p, t);
      }
      if (character === '[') {
        const set = this.#set(p, actual);
        if (set === null) {
          return 'abort';
        }
        if (!set.matched || (this.#pathname && actual === '/')) {
          return 'mismatch';
        }
        p = set.end;
      } else if (character === '?') {
        if (this.#pathname && actual === '/') {
          return 'mismatch';
        }
      } else {
        // Like git, do not fold the case of an escaped character.
        const expected = character === '\\' ? pattern.charAt(++p) : this.#fold(character);
        if (expected !== actual) {
          return 'mismatch';
        }
      }
    }
    return t < this.#text.length ? 'mismatch' : 'match';
  }

  #star(start: number, star: number, from: number): Outcome {
    const pattern = this.#pattern;
    const text = this.#text;
    let p = star + 1;
    let acrossSlashes = !this.#pathname;
    if (pattern.charAt(p) === '*') {
      while (pattern.charAt(p) === '*') {
        p++;
      }
      const opens = star === start || pattern.charAt(star - 1) === '/';
      const closes = p === pattern.length || /^\\?\//.test(pattern.slice(p, p + 2));
      if (this.#pathname && opens && closes) {
        if (pattern.charAt(p) === '/' && this.run(p + 1, from) === 'match') {
          return 'match';
        }
        acrossSlashes = true;
      }
    }
    if (p === pattern.length) {
      return acrossSlashes || !text.includes('/', from) ? 'match' : 'abort-to-double-star';
    }
    if (!acrossSlashes && pattern.charAt(p) === '/') {
      const slash = text.indexOf('/', from);
      return slash === -1 ? 'abort' : this.run(p + 1, slash + 1);
    }
    for (let t = from; t < text.length; t++) {
      const outcome = this.run(p, t);
      if (outcome !== 'mismatch') {
        if (!acrossSlashes || outcome !== 'abort-to-double-star') {
          return outcome;
        }
      } else if (!acrossSlashes && text.charAt(t) === '/') {
        return 'abort-to-double-star';
      }
    }
    return 'abort';
  }

  /**
   * Matches a `[…]` against one character; null if it is unterminated. `end` is its closing
   * bracket.
   */
  #set(open: number, actual: string): { readonly matched: boolean; readonly end: number } | null {
    const pattern = this.#pattern;
    let p = open + 1;
    const negated = pattern.charAt(p) === '!' || pattern.charAt(p) === '^';
    if (negated) {
      p++;
    }
    let matched = false;
    let previous = '';
    do {
      let character = pattern.charAt(p);
      if (character === '') {
        return null;
      }
      if (character === '\\') {
        character = pattern.charAt(++p);
        matched ||= actual === character;
      } else if (
        character === '-' &&
        previous !== '' &&
        !['', ']'].includes(pattern.charAt(p + 1))
      ) {
        p += pattern.charAt(p + 1) === '\\' ? 2 : 1;
        matched ||= this.#inRange(actual, previous, pattern.charAt(p));
        character = '';
      } else if (character === '[' && pattern.charAt(p + 1) === ':') {
        const close = pattern.indexOf(']', p + 2);
        if (close === -1) {
          return null;
        }
        if (close > p + 2 && pattern.charAt(close - 1) === ':') {
          const named = characterClasses.get(pattern.slice(p + 2, close - 1));
          if (named === undefined) {
            return null;
          }
          matched ||= this.#inClass(actual, named, pattern.slice(p + 2, close - 1));
          p = close;
          character = '';
        } else {
          matched ||= actual === '[';
        }
      } else {
        matched ||= actual === character;
      }
      if (pattern.charAt(p) === '') {
        return null;
      }
      previous = character;
      p++;
    } while (pattern.charAt(p) !== ']');
    return { matched: matched !== negated, end: p };
  }

  #inRange(actual: string, low: string, high: string): boolean {
    const within = (character: string): boolean => character >= low && character <= high;
    return (
      within(actual) || (this.#ignoreCase && /[a-z]/.test(actual) && within(actual.toUpperCase()))
    );
  }

  #inClass(actual: string, named: RegExp, name: string): boolean {
    return named.test(actual) || (this.#ignoreCase && name === 'upper' && /[a-z]/.test(actual));
  }

  #fold(character: string): string {
    return this.#ignoreCase ? foldCase(character) : character;
  }
}

/**
 * Whether a pattern matches a whole path.
 * @param pathname whether `*`, `?` and sets stop at slashes, while `**` between slashes does not
 */
export function wildmatch(
  pattern: string,
  path: BytePath,
  options: { readonly pathname: boolean; readonly ignoreCase: boolean },
): boolean {
  return new Match(pattern, path, options.pathname, options.ignoreCase).run(0, 0) === 'match';
}
