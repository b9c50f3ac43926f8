/** What a screen reader is told of an answer while it is written: whole sentences, each once. */

/** Follows one growing text. */
export class Announcer {
  #said = 0;
  /** Up to here no other sentence ends: nothing is looked through twice. */
  #searched = 0;

  /**
   * What to say next.
   * @param text all of it so far
   * @param done whether nothing more will come: then the rest is said as well
   * @returns '' where there is nothing yet
   */
  next(text: string, done: boolean): string {
    const end = done ? text.length : this.#completeUntil(text);
    const words = text.slice(this.#said, end).trim();
    this.#said = Math.max(this.#said, end);
    return words;
  }

  /** Where the last sentence or line ends that is complete. */
  #completeUntil(text: string): number {
    let end = this.#said;
    const from = Math.max(this.#said, this.#searched);
    for (const match of text.slice(from).matchAll(/[.!?:](?=\s)|\n/gu)) {
      end = from + match.index + match[0].length;
    }
    // The last character may turn out to end a sentence.
    this.#searched = Math.max(from, text.length - 1);
    return end;
  }
}
