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
/**
 * The speed is the mean of the newest part of the reading: prefill slows down as the memory fills,
 * but one chunk says little, and a machine is busy for seconds with something else.
 */
const newestShare = 0.5;
const leastWindowSeconds = 10;
/** The first chunks are no measure: nothing is held that they could attend to. */
const settlingSeconds = 2;

interface Sample {
  readonly seconds: number;
  /** Tokens done by then. */
  readonly done: number;
}

/** Counts how much of a stream is read and how fast, and estimates the rest. */
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
  readonly #startedAt: number;
  /** Oldest first; the first one is where the window begins. */
  #samples: Sample[] = [{ seconds: 0, done: 0 }];

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
    this.#startedAt = now();
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

  /** The consumer had dealt with so many tokens before this reading began. */
  resume(tokens: number): void {
    this.#done = tokens;
    this.#samples = [{ seconds: 0, done: tokens }];
  }

  /** The consumer has dealt with so many more tokens. */
  advance(tokens: number): void {
    this.#done += tokens;
    const seconds = (this.#now() - this.#startedAt) / 1000;
    this.#samples.push({ seconds, done: this.#done });
    const windowStart = seconds - Math.max(leastWindowSeconds, newestShare * seconds);
    const inside = this.#samples.findIndex((sample) => sample.seconds > windowStart);
    this.#samples = this.#samples.slice(Math.max(0, inside - 1));
  }

  /** Tokens per second; 0 while unknown. */
  #speed(): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.seconds <= first.seconds) return 0;
    return (last.done - first.done) / (last.seconds - first.seconds);
  }

  /** The numbers now. */
  report(): StreamProgress {
    const perByte =
      this.#bytesEntered === 0 ? typicalTokensPerByte : this.#tokensEntered / this.#bytesEntered;
    const entered = this.#overhead + this.#tokensEntered;
    const estimate = entered + Math.round(perByte * Math.max(0, this.#bytesLeft));
    const totalTokens = Math.max(this.#expectedTokens ?? estimate, this.#done);
    const speed = this.#speed();
    const left = totalTokens - this.#done;
    const known = left === 0 || (this.#samples.at(-1)?.seconds ?? 0) >= settlingSeconds;
    return {
      files: this.#filesEntered,
      totalFiles: this.#totalFiles,
      tokens: this.#done,
      totalTokens,
      tokensPerSecond: speed,
      etaSeconds: speed === 0 || !known ? null : left / speed,
    };
  }
}
