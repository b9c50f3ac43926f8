/** Where a completion ends: what is written after this point is not wanted. */

/** Finds the end of one completion while it is written. */
export class CompletionEnd {
  /** The text after the cursor on its own line, without blanks around it. */
  readonly #restOfLine: string;
  /** The first line below the cursor that is not blank, without blanks at its end. */
  readonly #nextLine: string;

  /** @param suffix all text after the cursor. */
  constructor(suffix: string) {
    const [rest = '', ...below] = suffix.split('\n', 64);
    this.#restOfLine = rest.trim();
    this.#nextLine = below.find((line) => line.trim() !== '')?.trimEnd() ?? '';
  }

  /**
   * @param text all that was written so far.
   * @param final whether nothing follows.
   * @returns what of it is wanted once the end is there; null while it is not.
   */
  find(text: string, final: boolean): string | null {
    return this.#restOfLine === '' ? this.#inBlock(text, final) : this.#inLine(text, final);
  }

  /** Text between two parts of one line stays on that line and does not repeat the second part. */
  #inLine(text: string, final: boolean): string | null {
    const newline = text.indexOf('\n');
    if (newline < 0 && !final) return null;
    const line = newline < 0 ? text : text.slice(0, newline);
    const trimmed = line.trimEnd();
    return trimmed.endsWith(this.#restOfLine)
      ? trimmed.slice(0, trimmed.length - this.#restOfLine.length)
      : line;
  }

  /**
   * Text of several lines ends before a blank line, before the line that follows anyway, and before
   * a line that repeats the one above it: small models would go on for ever.
   */
  #inBlock(text: string, final: boolean): string | null {
    const lines = text.split('\n');
    const whole = final ? lines.length : lines.length - 1;
    let started = false;
    for (let index = 0; index < whole; index += 1) {
      const line = lines[index] ?? '';
      const above = index > 1 ? lines[index - 1] : undefined;
      const ends =
        line.trim() === ''
          ? started
          : index > 0 && (line.trimEnd() === this.#nextLine || line === above);
      if (ends) return lines.slice(0, index).join('\n');
      started ||= line.trim() !== '';
    }
    return final ? text.trimEnd() : null;
  }
}
