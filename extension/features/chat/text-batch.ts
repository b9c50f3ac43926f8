/** Forwards text a few times a second instead of once per token. */

/** Collects text and forwards it after a delay. */
export class TextBatch {
  readonly #onText: (text: string) => void;
  readonly #delayMs: number;
  #text = '';
  #timer: NodeJS.Timeout | null = null;

  /**
   * @param onText receives the collected text
   * @param delayMs how long text may wait
   */
  constructor(onText: (text: string) => void, delayMs = 33) {
    this.#onText = onText;
    this.#delayMs = delayMs;
  }

  /** Adds text. */
  push(text: string): void {
    this.#text += text;
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, this.#delayMs);
  }

  /** Forwards waiting text at once. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const text = this.#text;
    this.#text = '';
    if (text !== '') this.#onText(text);
  }
}
