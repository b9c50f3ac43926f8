/**
 * Selects the end of a long text for a prompt. An end counted from the cursor would move with every
 * keystroke, so that no prompt could reuse the computation of the previous one. So the window
 * begins at a line and stays there until the text after it no longer fits.
 */

/** The share of the room that a new window uses, so that many keystrokes still fit. */
const newShare = 3 / 4;
/** A window with less is outdated: the cursor moved up in the file. */
const leastShare = 1 / 2;
/** The number of characters by which the window's start is found again. */
const markCharacters = 200;
/** The most characters per wanted token that are tokenised. */
const charactersPerToken = 12;

/** The window over the text before the cursor, from one completion to the next. */
export class PromptWindow {
  #path: string | null = null;
  /** The start of the window's text; null if it was not moved to a line yet. */
  #mark: string | null = null;
  /** The number of characters from there at the last call. */
  #length = 0;

  /**
   * Returns the end of a text in a limited number of tokens.
   * @param path another file gets a new window
   * @param tokenize tokenises plain text
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

  /** Moves the start to a line after which the tokens fit; null if there is none. */
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

/** Finds a part in a text, nearest to `place`; -1 for none. */
function nearest(text: string, part: string, place: number): number {
  let found = -1;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    if (found < 0 || Math.abs(at - place) <= Math.abs(found - place)) found = at;
  }
  return found;
}

/** Removes half of a character at the start. */
function wholeCharacters(text: string): string {
  return text.replace(/^[\udc00-\udfff]/u, '');
}
