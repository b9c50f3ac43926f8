/** What a screen reader is told of an answer while it is written: whole sentences, each once. */

/** Where the last sentence or line ends that is complete, from an offset on. */
function completeUntil(text: string, from: number): number {
  let end = from;
  for (const match of text.slice(from).matchAll(/[.!?:](?=\s)|\n/gu)) {
    end = from + match.index + match[0].length;
  }
  return end;
}

/** Follows one growing text. */
export class Announcer {
  #said = 0;

  /**
   * What to say next.
   * @param text all of it so far
   * @param done whether nothing more will come: then the rest is said as well
   * @returns '' where there is nothing yet
   */
  next(text: string, done: boolean): string {
    const end = done ? text.length : completeUntil(text, this.#said);
    const words = text.slice(this.#said, end).trim();
    this.#said = Math.max(this.#said, end);
    return words;
  }
}
