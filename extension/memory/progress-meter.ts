export interface StreamProgress {
  readonly files: number;
  readonly totalFiles: number;
  /** Tokens that the consumer has dealt with. */
  readonly tokens: number;
  /** Estimated from the bytes still to read, unless the exact number was given. */
  readonly totalTokens: number;
  readonly tokensPerSecond: number;
  /** null while unknown. */
  readonly etaSeconds: number | null;
}

/** Tokens per byte of source text before any was read. */
const typicalTokensPerByte = 0.3;
/** Weight of the newest chunk in the speed: prefill slows down as the memory fills. */
const smoothing = 0.3;

/** Counts what of a stream is read, how fast, and estimates the rest. */
export class ProgressMeter {
  readonly #totalFiles: number;
  readonly #expectedTokens: number | null;
  readonly #now: () => number;
  #bytesLeft: number;
  #bytesEntered = 0;
  #tokensEntered = 0;
  #overhead = 0;
  #filesEntered = 0;
  #done = 0;
  #speed = 0;
  #lastTime: number;

  /** @param now milliseconds, monotonic */
  constructor(
    totalFiles: number,
    totalBytes: number,
    expectedTokens: number | null,
    now: () => number,
  ) {
    this.#totalFiles = totalFiles;
    this.#bytesLeft = totalBytes;
    this.#expectedTokens = expectedTokens;
    this.#now = now;
    this.#lastTime = now();
  }

  /** Tokens that come from no file. */
  addOverhead(tokens: number): void {
    this.#overhead += tokens;
  }

  /** A file entered the stream, or was skipped with no tokens. @param bytes as listed */
  addFile(bytes: number, tokens: number): void {
    this.#bytesLeft -= bytes;
    this.#filesEntered++;
    if (tokens > 0) {
      this.#bytesEntered += bytes;
      this.#tokensEntered += tokens;
    }
  }

  /** The consumer has dealt with so many more tokens. */
  advance(tokens: number): void {
    const time = this.#now();
    const seconds = (time - this.#lastTime) / 1000;
    this.#lastTime = time;
    this.#done += tokens;
    if (seconds > 0 && tokens > 0) {
      const speed = tokens / seconds;
      this.#speed = this.#speed === 0 ? speed : this.#speed + smoothing * (speed - this.#speed);
    }
  }

  /** The numbers now. */
  report(): StreamProgress {
    const perByte =
      this.#bytesEntered === 0 ? typicalTokensPerByte : this.#tokensEntered / this.#bytesEntered;
    const entered = this.#overhead + this.#tokensEntered;
    const estimate = entered + Math.round(perByte * Math.max(0, this.#bytesLeft));
    const totalTokens = Math.max(this.#expectedTokens ?? estimate, this.#done);
    return {
      files: this.#filesEntered,
      totalFiles: this.#totalFiles,
      tokens: this.#done,
      totalTokens,
      tokensPerSecond: this.#speed,
      etaSeconds: this.#speed === 0 ? null : (totalTokens - this.#done) / this.#speed,
    };
  }
}
