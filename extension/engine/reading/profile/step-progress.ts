/** How far measuring is: its steps are few and long, so what goes on within one is told as well. */

/** How often, in milliseconds. */
const tickMs = 500;
/** As much of a step that takes longer than was thought is said to be done. */
const mostOfStep = 0.95;

/** What is told of measuring. */
export interface MeasuringProgress {
  readonly tokens: number;
  readonly totalTokens: number;
  /** null while unknown. */
  readonly etaSeconds: number | null;
}

/** Tells how far steps over a known number of tokens are. */
export class StepProgress {
  readonly #totalTokens: number;
  readonly #onProgress: (progress: MeasuringProgress) => void;
  /** What a token takes, in seconds; null while unknown. */
  #pace: number | null = null;
  #measuredSeconds = 0;
  #measuredTokens = 0;
  #done = 0;

  constructor(totalTokens: number, onProgress: (progress: MeasuringProgress) => void) {
    this.#totalTokens = totalTokens;
    this.#onProgress = onProgress;
    this.#tell(0, 0);
  }

  /** Before a step is done: what a token is thought to take, in seconds. */
  expect(secondsPerToken: number): void {
    this.#pace = secondsPerToken;
    this.#tell(0, 0);
  }

  /**
   * Takes one step over so many tokens and tells meanwhile how far it is.
   * @throws what `work` rejects with.
   */
  async step(tokens: number, work: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    const elapsed = (): number => (performance.now() - startedAt) / 1000;
    const timer = setInterval(() => {
      this.#tell(tokens, elapsed());
    }, tickMs).unref();
    try {
      await work();
    } finally {
      clearInterval(timer);
    }
    this.#measuredSeconds += elapsed();
    this.#measuredTokens += tokens;
    this.#pace = this.#measuredSeconds / this.#measuredTokens;
    this.#done += tokens;
    this.#tell(0, 0);
  }

  #tell(stepTokens: number, elapsed: number): void {
    const pace = this.#pace;
    const within = pace === null ? 0 : Math.min(mostOfStep * stepTokens, elapsed / pace);
    const tokens = this.#done + within;
    this.#onProgress({
      tokens: Math.floor(tokens),
      totalTokens: this.#totalTokens,
      etaSeconds: pace === null ? null : (this.#totalTokens - tokens) * pace,
    });
  }
}
