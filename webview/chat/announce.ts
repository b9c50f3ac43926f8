/** Announces an answer to screen readers while it is written: whole sentences, each once. */

/** Follows a growing text. */
export class Announcer {
  #said = 0;
  /** The text up to here was searched for sentence ends; nothing is searched twice. */
  #searched = 0;

  /**
   * Returns what to announce next.
   * @param text the whole text so far
   * @param done whether the text is complete; then the rest is announced too
   * @returns '' if there is nothing yet
   */
  next(text: string, done: boolean): string {
    const end = done ? text.length : this.#completeUntil(text);
    const words = text.slice(this.#said, end).trim();
    this.#said = Math.max(this.#said, end);
    return words;
  }

  /** Finds the end of the last complete sentence or line. */
  #completeUntil(text: string): number {
    let end = this.#said;
    const from = Math.max(this.#said, this.#searched);
    for (const match of text.slice(from).matchAll(/[.!?:](?=\s)|\n/gu)) {
      end = from + match.index + match[0].length;
    }
    // The next character may show that the last one ends a sentence.
    this.#searched = Math.max(from, text.length - 1);
    return end;
  }
}
