import type { SkippedFile } from '../../protocol/skipped-file.ts';
import { endLine, type RepositoryLayout } from './layout.ts';
import { ProgressMeter, type StreamProgress } from './progress-meter.ts';
import { type FileText, readText } from '../files/read.ts';
import { type StreamIndex, StreamIndexBuilder } from './stream-index.ts';
import { lineUnits } from '../structure/line-units.ts';
import { TokenLines } from './token-lines.ts';
import type { TokenStructure } from './token-structure.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { RepositoryFile } from '../files/listing.ts';

export interface StreamChunk {
  /** At most `chunkTokens` of them; all chunks but the last have that many. */
  readonly tokens: Int32Array;
  /** Not 0 for tokens to keep for good, one per token. */
  readonly protect: Uint8Array;
  readonly structure: TokenStructure;
  /** The numbers before this chunk is dealt with. */
  readonly progress: StreamProgress;
}

export interface StreamOptions {
  readonly tokenizer: Tokenizer;
  readonly layout: RepositoryLayout;
  readonly name: string;
  /** Tokens before the repository: BOS and the system turn. */
  readonly prologue: Int32Array;
  readonly chunkTokens: number;
  /**
   * How many tokens may be kept for good: where all file headers would take more, only their first
   * tokens are kept, and where those are too many, none. Without a limit by default.
   */
  readonly protectedTokens?: number;
  /** The exact number of the stream's tokens where it is known (`countStream`). */
  readonly expectedTokens?: number;
  readonly maxFileBytes?: number;
  readonly signal?: AbortSignal;
  /** Called once per file, as it enters the stream (for the search index). */
  readonly onText?: (path: string, text: string) => void;
  /** Called for each file that could not be read after all. */
  readonly onSkipped?: (skipped: SkippedFile) => void;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

export interface RepositoryStream {
  /** Complete when `chunks` ends; what was handed out is in it at any time. */
  readonly index: StreamIndex;
  /** Reads files lazily, one ahead of what was handed out. To be iterated once. */
  chunks(): AsyncGenerator<StreamChunk, void, undefined>;
  /** The numbers now, after the last chunk was dealt with. */
  progress(): StreamProgress;
}

/** Cuts a stream of tokens into chunks of one size. */
class ChunkBuffer {
  #tokens: Int32Array;
  #length = 0;

  constructor(size: number) {
    this.#tokens = new Int32Array(size);
  }

  *push(tokens: Int32Array): Generator<Int32Array, void, undefined> {
    let taken = 0;
    while (taken < tokens.length) {
      const part = tokens.subarray(taken, taken + this.#tokens.length - this.#length);
      this.#tokens.set(part, this.#length);
      this.#length += part.length;
      taken += part.length;
      if (this.#length === this.#tokens.length) {
        yield* this.flush();
      }
    }
  }

  *flush(): Generator<Int32Array, void, undefined> {
    if (this.#length > 0) {
      const full = this.#tokens.slice(0, this.#length);
      this.#length = 0;
      yield full;
    }
  }
}

class Stream implements RepositoryStream {
  readonly index = new StreamIndexBuilder();
  readonly #files: readonly RepositoryFile[];
  readonly #options: StreamOptions;
  readonly #lines: TokenLines;
  readonly #meter: ProgressMeter;
  #handedOut = 0;

  constructor(files: readonly RepositoryFile[], options: StreamOptions) {
    this.#files = files;
    this.#options = options;
    this.#lines = new TokenLines(options.tokenizer);
    this.#meter = new ProgressMeter(
      files.length,
      files.reduce((sum, file) => sum + file.bytes, 0),
      options.expectedTokens ?? null,
      options.now ?? (() => performance.now()),
    );
  }

  progress(): StreamProgress {
    return this.#meter.report();
  }

  async *chunks(): AsyncGenerator<StreamChunk, void, undefined> {
    const buffer = new ChunkBuffer(this.#options.chunkTokens);
    for await (const tokens of this.#parts()) {
      for (const chunk of buffer.push(tokens)) {
        yield this.#chunk(chunk);
        this.#meter.advance(chunk.length);
      }
    }
    for (const chunk of buffer.flush()) {
      yield this.#chunk(chunk);
      this.#meter.advance(chunk.length);
    }
  }

  /** The stream's tokens in order: the headers in front, then file by file. */
  async *#parts(): AsyncGenerator<Int32Array, void, undefined> {
    const { layout, name, prologue } = this.#options;
    const header = layout.repositoryHeader(name);
    this.index.addHeader(prologue.length, false);
    this.index.addHeader(header.length, true);
    this.#meter.addOverhead(prologue.length + header.length);
    yield prologue;
    yield header;
    const keptPerHeader = this.#keptHeaderTokens(header.length);
    let next = this.#read(0);
    for (const [position, file] of this.#files.entries()) {
      const read = await next;
      next = this.#read(position + 1);
      if (!read?.ok) {
        this.#meter.addFile(file.bytes, 0);
        if (read !== null) {
          this.#options.onSkipped?.(read.skipped);
        }
        continue;
      }
      const text = endLine(read.text);
      const fileHeader = layout.fileHeader(file.path);
      const content = layout.content(text);
      const { lineOfToken, lines } = this.#lines.linesOf(content);
      const kept = Math.min(keptPerHeader, fileHeader.length);
      const units = lineUnits(file.path, text);
      this.index.addFile(file.path, fileHeader.length, lineOfToken, lines, kept, units);
      this.#meter.addFile(file.bytes, fileHeader.length + content.length);
      this.#options.onText?.(file.path, text);
      yield fileHeader;
      yield content;
    }
  }

  #chunk(tokens: Int32Array): StreamChunk {
    this.#options.signal?.throwIfAborted();
    const from = this.#handedOut;
    this.#handedOut += tokens.length;
    return {
      tokens,
      protect: this.index.protection(from, this.#handedOut).slice(),
      structure: this.index.structure(from, this.#handedOut),
      progress: this.#meter.report(),
    };
  }

  /** How many tokens of each file's header are kept for good: all, the first, or none. */
  #keptHeaderTokens(repositoryHeader: number): number {
    const limit = this.#options.protectedTokens ?? Infinity;
    if (limit === Infinity) {
      return Infinity;
    }
    let total = repositoryHeader;
    for (const { path } of this.#files) {
      total += this.#options.layout.fileHeader(path).length;
    }
    return total <= limit ? Infinity : repositoryHeader + this.#files.length <= limit ? 1 : 0;
  }

  /** Errors wait for whoever takes the file: a read ahead must not fail unheard. */
  #read(position: number): Promise<FileText | null> {
    const file = this.#files[position];
    if (file === undefined) {
      return Promise.resolve(null);
    }
    const reading = readText(file, this.#options);
    reading.catch(() => undefined);
    return reading;
  }
}

/** The repository as a stream of token chunks. */
export function createRepositoryStream(
  files: readonly RepositoryFile[],
  options: StreamOptions,
): RepositoryStream {
  if (!Number.isInteger(options.chunkTokens) || options.chunkTokens < 1) {
    throw new RangeError('A chunk has at least one token.');
  }
  return new Stream(files, options);
}

/**
 * The exact number of tokens that the stream will have: reads and tokenises everything once.
 * Needed for a budget in percent. Memory stays that of one file.
 */
export async function countStream(
  files: readonly RepositoryFile[],
  options: Pick<StreamOptions, 'layout' | 'name' | 'prologue' | 'maxFileBytes' | 'signal'>,
): Promise<number> {
  const { layout, name, prologue } = options;
  let tokens = prologue.length + layout.repositoryHeader(name).length;
  for (const file of files) {
    const read = await readText(file, options);
    if (read.ok) {
      tokens += layout.fileHeader(file.path).length + layout.content(read.text).length;
    }
  }
  return tokens;
}
