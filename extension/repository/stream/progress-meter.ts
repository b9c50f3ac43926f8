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
 * The speed is that of the newest part of the reading: one chunk says little, and a machine is busy
 * for seconds with something else.
 */
const newestShare = 0.5;
const leastWindowSeconds = 10;
/** Where a chunk takes seconds. */
const leastWindowChunks = 5;
/** A chunk that took so much longer than most was held up by another process. */
const heldUp = 3;
/** The first chunks are no measure: nothing is held that they could attend to. */
const settlingSeconds = 2;

/** How the time that a token takes grows with the tokens that it attends to. */
export interface ReadingCost {
  /** Tokens that are held at most. */
  readonly heldTokens: number;
  /** What each of them adds, as a part of the time of a token that attends to none. */
  readonly perHeldToken: number;
}

interface Sample {
  readonly seconds: number;
  /** Tokens done by then. */
  readonly done: number;
}

/** Between two samples. */
interface Step {
  readonly seconds: number;
  readonly tokens: number;
  /** As many tokens that attend to nothing would have taken as long. */
  readonly work: number;
}

/** Counts how much of a stream is read and how fast, and estimates the rest. */
export class ProgressMeter {
  readonly #totalFiles: number;
  readonly #expectedTokens: number | null;
  readonly #now: () => number;
  readonly #cost: ReadingCost;
  #bytesLeft: number;
  #bytesEntered = 0;
  #tokensEntered = 0;
  #overhead = 0;
  #filesEntered = 0;
  #done = 0;
  readonly #startedAt: number;
  /** Oldest first; the first one is where the window begins. */
  #samples: Sample[] = [{ seconds: 0, done: 0 }];

  /**
   * @param now milliseconds, monotonic
   * @param cost of the model that reads; every token takes the same time without one
   */
  constructor(
    totalFiles: number,
    totalBytes: number,
    expectedTokens: number | null,
    now: () => number,
    cost: ReadingCost = { heldTokens: 0, perHeldToken: 0 },
  ) {
    this.#cost = cost;
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
    const begin = Math.min(inside - 1, this.#samples.length - 1 - leastWindowChunks);
    this.#samples = this.#samples.slice(Math.max(0, begin));
  }

  /** The work of the first so many tokens of the stream: each attends to those held before it. */
  #workUpTo(tokens: number): number {
    const { heldTokens, perHeldToken } = this.#cost;
    const growing = Math.min(tokens, heldTokens);
    return tokens + perHeldToken * ((growing * growing) / 2 + (tokens - growing) * heldTokens);
  }

  /** Tokens and work per second; 0 while unknown. */
  #speed(): { readonly tokens: number; readonly work: number } {
    const steps = this.#samples.slice(1).map((sample, index): Step => {
      const { seconds, done } = this.#samples[index] ?? sample;
      return {
        seconds: sample.seconds - seconds,
        tokens: sample.done - done,
        work: this.#workUpTo(sample.done) - this.#workUpTo(done),
      };
    });
    const pace = ({ seconds, work }: Step): number => seconds / work;
    const paces = steps.map(pace).sort((a, b) => a - b);
    const usual = paces[Math.floor((paces.length - 1) / 2)] ?? 0;
    const undisturbed = steps.filter((step) => pace(step) <= heldUp * usual);
    const seconds = sumOf(undisturbed, 'seconds');
    if (!(seconds > 0)) return { tokens: 0, work: 0 };
    return {
      tokens: sumOf(undisturbed, 'tokens') / seconds,
      work: sumOf(undisturbed, 'work') / seconds,
    };
  }

  /** The numbers now. */
  report(): StreamProgress {
    const perByte =
      this.#bytesEntered === 0 ? typicalTokensPerByte : this.#tokensEntered / this.#bytesEntered;
    const entered = this.#overhead + this.#tokensEntered;
    const estimate = entered + Math.round(perByte * Math.max(0, this.#bytesLeft));
    const totalTokens = Math.max(this.#expectedTokens ?? estimate, this.#done);
    const speed = this.#speed();
    const left = this.#workUpTo(totalTokens) - this.#workUpTo(this.#done);
    const known = left === 0 || (this.#samples.at(-1)?.seconds ?? 0) >= settlingSeconds;
    return {
      files: this.#filesEntered,
      totalFiles: this.#totalFiles,
      tokens: this.#done,
      totalTokens,
      tokensPerSecond: speed.tokens,
      etaSeconds: speed.work === 0 || !known ? null : left / speed.work,
    };
  }
}

function sumOf(steps: readonly Step[], key: keyof Step): number {
  return steps.reduce((sum, step) => sum + step[key], 0);
}
