/** One repository in one memory: reading it in, and what is known about what was read. */

import { basename } from 'node:path';
import type { StreamProgress } from '../../repository/stream/progress-meter.ts';
import { PathResolver } from '../../repository/recall/path-resolver.ts';
import { type NamedRoot } from '../../repository/files/named-root.ts';
import { readText } from '../../repository/files/read.ts';
import type { FileText } from '../../repository/files/read.ts';
import { SearchIndex } from '../../repository/recall/search-index.ts';
import { fileShares, lineShares } from '../../repository/stream/retention.ts';
import { createRepositoryStream } from '../../repository/stream/stream.ts';
import type { RepositoryStream, StreamChunk } from '../../repository/stream/stream.ts';
import type { StreamIndex } from '../../repository/stream/stream-index.ts';
import type { Listing, RepositoryFile } from '../../repository/files/listing.ts';
import type { FileShare } from '../../protocol/file-share.ts';
import type { Retention, RetentionParameters } from '../../protocol/requests/retention.ts';
import type { SkippedFile } from '../../protocol/skipped-file.ts';
import { counted, fullCount } from '../../report/format.ts';
import { protectedTokensFor } from './budget.ts';
import { cancellable } from '../native/cancellation.ts';
import type { Formats } from '../prompt/formats.ts';
import { cancelled, EngineError, isCancellation } from '../core/errors.ts';
import type {
  NativeAddon,
  NativeMemory,
  NativeMemoryReport,
  NativeModel,
} from '../native/contract.ts';
import type { Turn } from '../core/scheduler.ts';
import { concatenate } from '../prompt/tokens.ts';

/** The name that a repository is read under. */
export function repositoryName(roots: readonly string[]): string {
  return roots.map((root) => basename(root)).join(' ');
}

export interface RepositoryOptions {
  readonly addon: Pick<NativeAddon, 'createCancellation'>;
  readonly model: NativeModel;
  /** Owned from here on. */
  readonly memory: NativeMemory;
  readonly formats: Formats;
  readonly roots: readonly string[];
  readonly listing: Listing;
  readonly budgetTokens: number;
  /** The exact length of the stream, where it was counted. */
  readonly expectedTokens: number | null;
}

export interface Reading {
  /** False where it was cancelled: the memory then ends at the last whole chunk. */
  readonly complete: boolean;
  /** Without the time that other jobs took in between. */
  readonly milliseconds: number;
}

/** A memory, the stream that was read into it and the files behind it. */
export class Repository {
  readonly addon: Pick<NativeAddon, 'createCancellation'>;
  readonly model: NativeModel;
  readonly memory: NativeMemory;
  readonly formats: Formats;
  readonly roots: readonly string[];
  readonly search = new SearchIndex();
  /** What opens a prompt that stands alone, as it opens the stream. */
  readonly prefix: Int32Array;
  readonly #files: ReadonlyMap<string, RepositoryFile>;
  readonly #namedRoots: readonly NamedRoot[];
  #resolver: PathResolver | null = null;
  readonly #skipped: SkippedFile[];
  readonly #stream: RepositoryStream;
  readonly #chunks: AsyncGenerator<StreamChunk, void, undefined>;
  readonly #closing = new AbortController();
  /** The chunk that comes next: where reading was stopped, the one that it goes on with. */
  #next: Promise<IteratorResult<StreamChunk, void>> | null = null;
  /** Milliseconds that went to other jobs, and between two calls of `read`. */
  #elsewhere = 0;
  #leftAt = performance.now();
  #report: NativeMemoryReport;
  #baseline: { readonly streamTokens: number; readonly attention: Float32Array } | null = null;
  #complete = false;
  #disposed = false;

  constructor(options: RepositoryOptions) {
    const { model, memory, formats, listing } = options;
    this.addon = options.addon;
    this.model = model;
    this.memory = memory;
    this.formats = formats;
    this.roots = options.roots;
    this.#files = new Map(listing.files.map((file) => [file.path, file]));
    this.#namedRoots = listing.roots;
    this.#skipped = [...listing.skipped];
    this.#report = memory.report();
    const name = repositoryName(options.roots);
    this.prefix = concatenate(formats.chat.prologue, formats.layout.repositoryHeader(name));
    this.#stream = createRepositoryStream(listing.files, {
      tokenizer: model,
      layout: formats.layout,
      name,
      prologue: formats.chat.prologue,
      chunkTokens: this.#report.appendCapacity,
      protectedTokens: protectedTokensFor(options.budgetTokens),
      ...(options.expectedTokens === null ? {} : { expectedTokens: options.expectedTokens }),
      signal: this.#closing.signal,
      now: () => this.#clock(),
      onText: (path, text) => {
        this.search.add(path, text);
      },
      onSkipped: (skipped) => {
        this.#skipped.push(skipped);
      },
    });
    this.#chunks = this.#stream.chunks();
  }

  /** Which file and line each token comes from. */
  get index(): StreamIndex {
    return this.#stream.index;
  }

  /** What is left out, listed or met while reading. */
  get skipped(): readonly SkippedFile[] {
    return this.#skipped;
  }

  /** The memory's numbers after the last whole chunk; safe at any time. */
  get report(): NativeMemoryReport {
    return this.#report;
  }

  /** Tokens that the whole repository has, read or not; estimated while not all is tokenised. */
  get expectedTokens(): number {
    const { totalTokens } = this.#stream.progress();
    return Math.max(totalTokens, this.#report.streamTokens + (this.#complete ? 0 : 1));
  }

  /** Tokens that one prompt and its answer may take together. */
  get tailCapacity(): number {
    return this.#report.tailCapacity;
  }

  /** What a neutral question attends to in the memory as it is now; null where it is not known. */
  get attentionBaseline(): Float32Array | null {
    return this.#baseline?.streamTokens === this.#report.streamTokens
      ? this.#baseline.attention
      : null;
  }

  set attentionBaseline(attention: Float32Array | null) {
    const { streamTokens } = this.#report;
    this.#baseline = attention === null ? null : { streamTokens, attention };
  }

  /** Finds the repository's files in questions and answers. */
  get resolver(): PathResolver {
    return (this.#resolver ??= new PathResolver(this.#files.keys(), this.#namedRoots));
  }

  /**
   * Reads everything into the memory, chunk by chunk, and lets more urgent jobs in between. It may
   * be asked about from the first chunk on. Called again after a cancellation it reads on.
   * @param onProgress hears the numbers after each chunk.
   * @throws EngineError `cancelled` where not even one chunk was read; what the addon rejects with.
   */
  async read(turn: Turn, onProgress: (progress: StreamProgress) => void): Promise<Reading> {
    this.#elsewhere += performance.now() - this.#leftAt;
    const startedAt = this.#clock();
    try {
      for (;;) {
        const next = await this.#upcoming(turn.signal);
        if (next.done === true) break;
        await this.#append(next.value, turn.signal);
        this.#next = null;
        onProgress(next.value.progress);
        const yieldedAt = performance.now();
        await turn.yield().finally(() => {
          this.#elsewhere += performance.now() - yieldedAt;
        });
      }
      onProgress(this.#stream.progress());
      this.#complete = true;
      return { complete: true, milliseconds: this.#clock() - startedAt };
    } catch (error) {
      if (!isCancellation(error) || this.#report.streamTokens === 0) throw error;
      return { complete: false, milliseconds: this.#clock() - startedAt };
    } finally {
      this.#leftAt = performance.now();
    }
  }

  /** A file as it is on disk now. Rejects only with the signal's reason. */
  async readFile(path: string, signal: AbortSignal): Promise<FileText> {
    const file = this.#files.get(path);
    if (file === undefined) return { ok: false, skipped: { path, reason: 'disappeared' } };
    return readText(file, { signal });
  }

  /** Tokens of a part of a file as it stands in a prompt: header and text. */
  countTokens(path: string, text: string): number {
    const { layout } = this.formats;
    return layout.fileHeader(path).length + layout.content(text).length;
  }

  /** What each file that was read still holds. To be called by the job that owns the memory. */
  shares(): FileShare[] {
    return fileShares(this.index, this.#heldCounts(), this.#pairs());
  }

  /**
   * What is held of every file, of one file's lines, and of each head.
   * To be called by the job that owns the memory.
   * @throws EngineError `file-not-read`
   */
  retention({ path, everyLine = false }: RetentionParameters): Retention {
    const counts = this.#heldCounts();
    const pairs = this.#pairs();
    if (path !== null && this.index.fileOf(path) === null) {
      throw new EngineError(
        'file-not-read',
        `${path} is not in the memory: ${this.#whyNotRead(path)}.`,
      );
    }
    const { layers, kvHeads } = this.model.info;
    const files = fileShares(this.index, counts, pairs);
    const linesOf = (file: FileShare): number[] => lineShares(this.index, file.path, counts, pairs);
    return {
      files,
      ...(everyLine ? { fileLines: files.map(linesOf) } : {}),
      lines: path === null ? [] : lineShares(this.index, path, counts, pairs),
      heads: Array.from({ length: layers }, (_, layer) =>
        Array.from({ length: kvHeads }, (__, head) => this.memory.held(layer, head).length),
      ),
    };
  }

  /** A sentence for answers, while not everything is read. */
  incompleteness(): string[] {
    if (this.#complete) return [];
    const read = fullCount(this.index.files.length);
    return [
      `Only ${read} of ${counted(this.#files.size, 'file')} had been read when this was asked.`,
    ];
  }

  /** Gives the memory's bytes back; nothing may be asked of it afterwards. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#closing.abort();
    this.memory.dispose();
  }

  /** Milliseconds spent on reading. */
  #clock(): number {
    return performance.now() - this.#elsewhere;
  }

  /** Waits for the next chunk's text, no longer than the signal allows; it stays the next one. */
  #upcoming(signal: AbortSignal): Promise<IteratorResult<StreamChunk, void>> {
    const next = (this.#next ??= this.#chunks.next());
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        reject(cancelled(signal.reason));
      };
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      next.then(resolve, reject).finally(() => {
        signal.removeEventListener('abort', stop);
      });
    });
  }

  async #append(chunk: StreamChunk, signal: AbortSignal): Promise<void> {
    const { tokens, protect, structure } = chunk;
    await cancellable(this.addon, signal, (cancellation) =>
      this.memory.append(tokens, { protect, structure, cancellation }),
    );
    this.#report = this.memory.report();
  }

  #pairs(): number {
    const { layers, kvHeads } = this.model.info;
    return layers * kvHeads;
  }

  /** Per token of the index; the tokens of a chunk that was cancelled are held by nobody. */
  #heldCounts(): Uint16Array {
    const counts = new Uint16Array(this.index.tokens);
    counts.set(this.memory.heldCounts());
    return counts;
  }

  #whyNotRead(path: string): string {
    const skipped = this.#skipped.find((file) => file.path === path);
    if (skipped !== undefined) {
      return skipped.detail === undefined
        ? `it was left out as ${skipped.reason}`
        : `it was left out because it ${skipped.detail}`;
    }
    return this.#files.has(path) ? 'it was not read yet' : 'the repository has no such file';
  }
}
