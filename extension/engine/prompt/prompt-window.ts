/**
 * Which end of a long text a prompt holds. An end that is counted from the cursor moves with every
 * keystroke, and nothing computed for one prompt would serve the next. So the window begins at a
 * line and stays there until the text behind it no longer fits.
 */

/** Of what fits, so that many keystrokes fit behind it. */
const newShare = 3 / 4;
/** A window that holds less has been left behind: the cursor went up in the file. */
const leastShare = 1 / 2;
/** The window's beginning is found again by so much of its text. */
const markCharacters = 200;
/** More characters than this per wanted token are not even tokenised. */
const charactersPerToken = 12;

/** The window over the text before the cursor, from one completion to the next. */
export class PromptWindow {
  #path: string | null = null;
  /** What the window's text begins with; null where it has not been moved to a line yet. */
  #mark: string | null = null;
  /** Characters from there on, at the last time. */
  #length = 0;

  /**
   * The end of a text in at most so many tokens.
   * @param path another file begins with a window of its own
   * @param tokenize of plain text
   */
  tokens(
    path: string,
    text: string,
    most: number,
    tokenize: (text: string) => Int32Array,
  ): Int32Array {
    if (most === 0) return new Int32Array();
    const first = path !== this.#path;
    if (first) this.#mark = null;
    this.#path = path;
    const end = wholeCharacters(text.slice(-most * charactersPerToken));
    const all = tokenize(end);
    if (end.length === text.length && all.length <= most) return all;
    const from = this.#mark === null ? -1 : nearest(end, this.#mark, end.length - this.#length);
    if (from >= 0) {
      const tokens = tokenize(end.slice(from));
      if (tokens.length <= most && tokens.length >= most * leastShare) {
        this.#length = end.length - from;
        return tokens;
      }
    }
    const wanted = first ? most : Math.floor(most * newShare);
    const moved = this.#move(end, wanted, end.length / all.length, tokenize);
    return moved ?? all.slice(Math.max(0, all.length - most));
  }

  /** Begins at a line behind which at most so many tokens follow; null where there is none. */
  #move(
    text: string,
    wanted: number,
    charactersOfToken: number,
    tokenize: (text: string) => Int32Array,
  ): Int32Array | null {
    this.#mark = null;
    for (let share = 1; share > 0.3; share -= 0.1) {
      const characters = Math.floor(wanted * share * charactersOfToken);
      const line = text.indexOf('\n', Math.max(0, text.length - characters)) + 1;
      if (line === 0 || line + markCharacters > text.length) return null;
      const tokens = tokenize(text.slice(line));
      if (tokens.length > wanted) continue;
      this.#mark = text.slice(line, line + markCharacters);
      this.#length = text.length - line;
      return tokens;
    }
    return null;
  }
}

/** Where a part stands in a text: of several places the one nearest to `place`; -1 for none. */
function nearest(text: string, part: string, place: number): number {
  let found = -1;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    if (found < 0 || Math.abs(at - place) <= Math.abs(found - place)) found = at;
  }
  return found;
}

/** Never half of a character. */
function wholeCharacters(text: string): string {
  return text.replace(/^[\udc00-\udfff]/u, '');
}
