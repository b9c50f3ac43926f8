import type { SkippedFile } from '../../protocol/skipped-file.ts';
import { endLine, type RepositoryLayout } from './layout.ts';
import { ProgressMeter, type ReadingCost, type StreamProgress } from './progress-meter.ts';
import { type FileText, readText } from '../files/read.ts';
import { RepositoryError } from '../disk/repository-error.ts';
import { excludedByUser } from '../files/skip-cause.ts';
import { ChunkBuffer } from './chunk-buffer.ts';
import { hashOf } from './stream-file.ts';
import { StreamIndexBuilder } from './stream-index.ts';
import { keptHeaderTokens } from './protection.ts';
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
  /** How many of a file's first tokens are kept for good, of so many; its header's by default. */
  readonly pinRoom?: (file: RepositoryFile, tokens: number) => number;
  /** The exact number of the stream's tokens where it is known (`countStream`). */
  readonly expectedTokens?: number;
  /**
   * Where an earlier stream over the same files was left: its index, and how many tokens of it were
   * dealt with. This one goes on behind them.
   */
  readonly start?: StreamStart;
  readonly maxFileBytes?: number;
  readonly signal?: AbortSignal;
  /** Whether a file is left out after all; asked as it would enter the stream. */
  readonly leavesOut?: (path: string) => boolean;
  /** Called once per file, as it enters the stream (for the search index). */
  readonly onText?: (path: string, text: string) => void;
  /** Called for each file that could not be read after all. */
  readonly onSkipped?: (skipped: SkippedFile) => void;
  /** How a token's time grows with what is held, for the time that is left. */
  readonly cost?: ReadingCost;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

export interface StreamStart {
  /** Grows with the stream. */
  readonly index: StreamIndexBuilder;
  readonly tokens: number;
  /**
   * All files whose headers share what may be kept for good, where the files of this stream are not
   * what the index has but what comes behind it; absent: the stream goes on where it was left.
   */
  readonly addedTo?: readonly RepositoryFile[];
}

export interface RepositoryStream {
  /** Complete when `chunks` ends; what was handed out is in it at any time. */
  readonly index: StreamIndexBuilder;
  /**
   * Reads files lazily, one ahead of what was handed out. To be iterated once.
   * @throws RepositoryError `repository-changed` where a file that was cut off in the middle is not
   *   what it was.
   */
  chunks(): AsyncGenerator<StreamChunk, void, undefined>;
  /** The numbers now, after the last chunk was dealt with. */
  progress(): StreamProgress;
}

/** A part of the stream whose tokens are made when they are wanted. */
interface Part {
  readonly tokens: number;
  readonly read: () => Promise<Int32Array>;
}

function partOf(tokens: Int32Array): Part {
  return { tokens: tokens.length, read: () => Promise.resolve(tokens) };
}

class Stream implements RepositoryStream {
  readonly index: StreamIndexBuilder;
  readonly #files: readonly RepositoryFile[];
  readonly #options: StreamOptions;
  readonly #lines: TokenLines;
  readonly #meter: ProgressMeter;
  /** Files that the index had from the beginning. */
  readonly #known: number;
  #handedOut: number;

  constructor(files: readonly RepositoryFile[], options: StreamOptions) {
    this.#files = files;
    this.#options = options;
    this.index = options.start?.index ?? new StreamIndexBuilder();
    this.#known = this.index.files.length;
    this.#handedOut = options.start?.tokens ?? 0;
    this.#lines = new TokenLines(options.tokenizer);
    this.#meter = new ProgressMeter(
      files.length,
      files.reduce((sum, file) => sum + file.bytes, 0),
      options.expectedTokens ?? null,
      options.now ?? (() => performance.now()),
      options.cost,
    );
  }

  progress(): StreamProgress {
    return this.#meter.report();
  }

  async *chunks(): AsyncGenerator<StreamChunk, void, undefined> {
    const buffer = new ChunkBuffer(this.#options.chunkTokens);
    let toSkip = this.#adds ? 0 : this.#handedOut;
    this.#meter.resume(toSkip);
    for await (const { tokens, read } of this.#parts()) {
      const skipped = Math.min(toSkip, tokens);
      toSkip -= skipped;
      // What was dealt with as a whole is not even read.
      if (skipped === tokens) continue;
      for (const chunk of buffer.push((await read()).subarray(skipped))) {
        yield this.#chunk(chunk);
        this.#meter.advance(chunk.length);
      }
    }
    for (const chunk of buffer.flush()) {
      yield this.#chunk(chunk);
      this.#meter.advance(chunk.length);
    }
  }

  get #adds(): boolean {
    return this.#options.start?.addedTo !== undefined;
  }

  /** The stream's parts in order: the headers in front, then file by file. */
  async *#parts(): AsyncGenerator<Part, void, undefined> {
    const { layout, name, prologue } = this.#options;
    const header = layout.repositoryHeader(name);
    if (this.#adds) {
      yield* this.#newParts(0, header.length);
      return;
    }
    if (this.#known === 0 && this.index.tokens === 0) {
      this.index.addHeader(prologue.length, false);
      this.index.addHeader(header.length, true);
    }
    this.#meter.addOverhead(prologue.length + header.length);
    yield partOf(prologue);
    yield partOf(header);
    const begin = this.#firstNew();
    yield* this.#knownParts(begin);
    yield* this.#newParts(begin, header.length);
  }

  /** The parts of the files from one on, which join the index. */
  async *#newParts(begin: number, headerLength: number): AsyncGenerator<Part, void, undefined> {
    const { layout } = this.#options;
    const keptPerHeader = this.#keptHeaderTokens(headerLength);
    let next = this.#read(begin);
    for (const [offset, file] of this.#files.slice(begin).entries()) {
      const read = await next;
      // What is read ahead when the stream is given up stays out of the index.
      this.#options.signal?.throwIfAborted();
      next = this.#read(begin + offset + 1);
      const leftOut = this.#options.leavesOut?.(file.path) === true;
      if (leftOut || !read?.ok) {
        this.#meter.addFile(file.bytes, 0);
        const unread = read?.ok === false ? read.skipped : null;
        const skipped = leftOut ? { path: file.path, ...excludedByUser } : unread;
        if (skipped !== null) this.#options.onSkipped?.(skipped);
        continue;
      }
      const text = endLine(read.text);
      const fileHeader = layout.fileHeader(file.path);
      const content = layout.content(text);
      const { lineOfToken, lines } = this.#lines.linesOf(content);
      const room = this.#options.pinRoom?.(file, fileHeader.length + content.length) ?? 0;
      const kept = Math.max(Math.min(keptPerHeader, fileHeader.length), room);
      const units = lineUnits(file.path, text);
      const place = { path: file.path, hash: hashOf(text), lines };
      this.index.addFile(place, fileHeader.length, lineOfToken, kept, units);
      this.#meter.addFile(file.bytes, fileHeader.length + content.length);
      this.#options.onText?.(file.path, text);
      yield partOf(fileHeader);
      yield partOf(content);
    }
  }

  /** The parts of the files that the index had; those before the last one that are not in it were skipped. */
  *#knownParts(begin: number): Generator<Part, void, undefined> {
    const { layout } = this.#options;
    for (const file of this.#files.slice(0, begin)) {
      const known = this.index.fileOf(file.path);
      this.#meter.addFile(file.bytes, known === null ? 0 : known.to - known.from);
      if (known === null) continue;
      yield partOf(layout.fileHeader(file.path));
      yield {
        tokens: known.to - known.contentFrom,
        read: async () => {
          const read = await readText(file, this.#options);
          const text = read.ok ? endLine(read.text) : null;
          if (text === null || hashOf(text) !== known.hash) {
            throw new RepositoryError(
              'repository-changed',
              `${file.path} has changed since reading was stopped. Read the repository again.`,
            );
          }
          return layout.content(text);
        },
      };
    }
  }

  /** The first file behind those that the index had. */
  #firstNew(): number {
    const last = this.index.files[this.#known - 1];
    return last === undefined ? 0 : this.#files.findIndex(({ path }) => path === last.path) + 1;
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

  /** How many tokens of each file's header are kept for good. */
  #keptHeaderTokens(repositoryHeader: number): number {
    const limit = this.#options.protectedTokens ?? Infinity;
    if (limit === Infinity) {
      return Infinity;
    }
    const files = this.#options.start?.addedTo ?? this.#files;
    const headers = files.map(({ path }) => this.#options.layout.fileHeader(path).length);
    return keptHeaderTokens(repositoryHeader, headers, limit);
  }

  /** Errors of reading ahead are rethrown when the file is consumed. */
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
