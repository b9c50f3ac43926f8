/** Separates what a model writes for itself, between marks, from its answer. */

/** How a model marks its reasoning. */
export interface ReasoningMarks {
  readonly open: string;
  readonly close: string;
  /** A mark that may stand before the answer, which is no part of it; null for most models. */
  readonly before: string | null;
  /** A mark that may end the answer, which is no part of it; null for most models. */
  readonly after: string | null;
  /** The UTF-8 text of those tokens of the marks that the model has as control tokens. */
  readonly spoken: ReadonlyMap<number, Uint8Array>;
  /** The tokens that end the reasoning. */
  readonly closeTokens: Int32Array;
}

/** A part of a text, by what it is. */
export interface Split {
  readonly reasoning: string;
  readonly answer: string;
}

/**
 * Splits a text as it is written, wherever it is cut. Reasoning stands at the beginning alone: marks
 * in an answer are part of it.
 */
export class ReasoningStream {
  readonly #marks: Pick<ReasoningMarks, 'open' | 'close' | 'before' | 'after'>;
  #state: 'start' | 'reasoning' | 'between' | 'answer';
  /** What may turn out to be a mark, or to precede one. */
  #held = '';

  /** @param opened whether the prompt has opened the reasoning already */
  constructor(marks: Pick<ReasoningMarks, 'open' | 'close' | 'before' | 'after'>, opened: boolean) {
    this.#marks = marks;
    this.#state = opened ? 'reasoning' : 'start';
  }

  /** Whether the text is inside the reasoning. */
  get reasoning(): boolean {
    return this.#state === 'reasoning';
  }

  /** Whether the answer has begun. */
  get answering(): boolean {
    return this.#state === 'answer';
  }

  /** Takes more of the text, and returns what is certain by now. */
  push(piece: string): Split {
    this.#held += piece;
    let reasoning = '';
    if (this.#state === 'start') this.#begin();
    if (this.#state === 'reasoning') reasoning = this.#reason();
    if (this.#state === 'between') this.#separate();
    return { reasoning, answer: this.#state === 'answer' ? this.#answer() : '' };
  }

  /** Returns what was held back, which is no mark as the text ends here, or the answer's last one. */
  end(): Split {
    const { reasoning } = this;
    const last = this.#state === 'answer' && this.#held.trim() === this.#marks.after;
    const rest = this.#state === 'between' || last ? '' : this.#release();
    this.#state = 'answer';
    return { reasoning: reasoning ? rest : '', answer: reasoning ? '' : rest };
  }

  #begin(): void {
    const { open, before } = this.#marks;
    const begun = this.#held.trimStart();
    if (begun.startsWith(open)) {
      this.#held = begun.slice(open.length);
      this.#state = 'reasoning';
    } else if (before !== null && begun.startsWith(before)) {
      this.#state = 'between';
    } else if (!open.startsWith(begun) && before?.startsWith(begun) !== true) {
      this.#state = 'answer';
    }
  }

  #reason(): string {
    const { close } = this.#marks;
    const at = this.#held.indexOf(close);
    if (at >= 0) {
      const reasoning = this.#held.slice(0, at);
      this.#held = this.#held.slice(at + close.length);
      this.#state = 'between';
      return reasoning;
    }
    let kept = Math.min(close.length - 1, this.#held.length);
    while (!close.startsWith(this.#held.slice(this.#held.length - kept))) kept -= 1;
    const reasoning = this.#held.slice(0, this.#held.length - kept);
    this.#held = this.#held.slice(reasoning.length);
    return reasoning;
  }

  /** Drops blank lines and the mark before the answer. */
  #separate(): void {
    const { before } = this.#marks;
    const begun = this.#held.trimStart();
    if (before !== null && before !== begun && before.startsWith(begun)) return;
    if (before !== null && begun.startsWith(before)) {
      this.#held = begun.slice(before.length);
      this.#state = 'answer';
    } else if (begun !== '') {
      // The indentation of the first line stays.
      const blank = this.#held.slice(0, this.#held.length - begun.length);
      this.#held = this.#held.slice(blank.lastIndexOf('\n') + 1);
      this.#state = 'answer';
    }
  }

  /** Holds back what may be the mark that ends the answer, and the blanks around it. */
  #answer(): string {
    const { after } = this.#marks;
    if (after === null) return this.#release();
    const text = this.#held;
    let kept = text.length;
    for (const { index } of text.matchAll(/\s*\S?/gu)) {
      const rest = text.slice(index).trimStart();
      if (after.startsWith(rest) || rest.trimEnd() === after) {
        kept = index;
        break;
      }
    }
    this.#held = text.slice(kept);
    return text.slice(0, kept);
  }

  #release(): string {
    const text = this.#held;
    this.#held = '';
    return text;
  }
}
