/** A repository that was read: plain data, and what is looked up in it. */

import { basename } from 'node:path';
import { PathResolver } from '../../repository/recall/path-resolver.ts';
import { readText, type FileText } from '../../repository/files/read.ts';
import type { Listing, RepositoryFile } from '../../repository/files/listing.ts';
import { SearchIndex } from '../../repository/recall/search-index.ts';
import { StreamIndexBuilder } from '../../repository/stream/stream-index.ts';
import type { SkippedFile } from '../../protocol/skipped-file.ts';
import { counted, fullCount, percent } from '../../report/format.ts';
import { cancellable } from '../native/cancellation.ts';
import type {
  NativeAddon,
  NativeCancellation,
  NativeMemory,
  NativeMemoryReport,
  NativeModel,
} from '../native/contract.ts';
import type { Formats } from '../prompt/formats.ts';
import { concatenate } from '../prompt/tokens.ts';
import { Transcript } from '../prompt/transcript.ts';
import { reasonNotRead } from './not-read.ts';
import { Pins } from './pins.ts';
import { Tails } from './working-set.ts';

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
  /** The exact length of the stream; null where it was not counted. */
  readonly countedTokens: number | null;
}

/**
 * A memory, the index of the stream that was read into it and the files behind it. A `Reader` fills
 * it; it can be asked, and read on, at any time.
 */
export class Repository {
  readonly addon: Pick<NativeAddon, 'createCancellation'>;
  readonly model: NativeModel;
  readonly memory: NativeMemory;
  readonly tails: Tails;
  readonly formats: Formats;
  readonly roots: readonly string[];
  readonly countedTokens: number | null;
  /** Which file and line each token comes from. */
  readonly index = new StreamIndexBuilder();
  readonly search = new SearchIndex();
  /** What was said in the chat, as it stands in its tail. */
  readonly transcript: Transcript;
  /** What is left out, listed or met while reading. */
  readonly skipped: SkippedFile[];
  /** What opens a prompt that stands alone, as it opens the stream. */
  readonly prefix: Int32Array;
  readonly pins: Pins = new Pins(this);
  #listing: Listing;
  #files: ReadonlyMap<string, RepositoryFile>;
  #budgetTokens: number;
  #resolver: PathResolver | null = null;
  #report: NativeMemoryReport;
  #baseline: { readonly streamTokens: number; readonly attention: Float32Array } | null = null;
  #totalTokens = 0;
  #complete = false;
  #revision = 0;
  #shown: ReadonlyMap<string, string> = new Map();
  #disposed = false;

  constructor(options: RepositoryOptions) {
    const { model, memory, formats, roots, listing } = options;
    this.addon = options.addon;
    this.model = model;
    this.memory = memory;
    this.tails = new Tails(memory);
    this.formats = formats;
    this.transcript = new Transcript(formats.chat, model);
    this.roots = roots;
    this.#listing = listing;
    this.#budgetTokens = options.budgetTokens;
    this.countedTokens = options.countedTokens;
    this.skipped = [...listing.skipped];
    const header = formats.layout.repositoryHeader(repositoryName(roots));
    this.prefix = concatenate(formats.chat.prologue, header);
    this.#files = new Map(listing.files.map((file) => [file.path, file]));
    this.#report = memory.report();
  }

  /** The files that there are to read. */
  get listing(): Listing {
    return this.#listing;
  }

  /** Another number whenever what is held, or known of the files, is another. */
  get revision(): number {
    return this.#revision;
  }

  /** Tokens that were read and not dropped since: the stream's numbers go on behind those, too. */
  get liveTokens(): number {
    const { tokens, fileTokens } = this.index;
    const dropped = Math.max(0, tokens - this.prefix.length - fileTokens);
    return this.#report.streamTokens - dropped;
  }

  /** The memory's numbers after the last whole chunk; safe at any time. */
  get report(): NativeMemoryReport {
    return this.#report;
  }

  /** What the memory may hold. */
  get budgetTokens(): number {
    return this.#budgetTokens;
  }

  /**
   * Gives the memory another budget: a smaller one evicts at once, under a larger one what is read
   * from here on may stay. To be called by the job that owns the memory.
   * @throws EngineError `budget-too-small`, `cancelled`: the memory is then as it was
   */
  async resize(budgetTokens: number, signal: AbortSignal): Promise<void> {
    const protect = this.pins.protection(budgetTokens);
    await cancellable(this.addon, signal, (cancellation) =>
      this.memory.resize({ budgetTokens, protect, cancellation }),
    );
    this.tails.clear();
    this.#budgetTokens = budgetTokens;
    this.pins.noteApplied();
    this.#revision++;
    this.#report = this.memory.report();
    this.#baseline = null;
  }

  /** Tokens that the whole repository has, read or not; estimated while not all is tokenised. */
  get expectedTokens(): number {
    return Math.max(this.#totalTokens, this.#report.streamTokens + (this.#complete ? 0 : 1));
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
    return (this.#resolver ??= new PathResolver(this.#files.keys(), this.#listing.roots));
  }

  /** To be called when a chunk has joined the memory, and at the end of reading. */
  advance(totalTokens: number, complete: boolean): void {
    this.#revision++;
    this.#report = this.memory.report();
    this.#totalTokens = totalTokens;
    this.#complete = complete;
  }

  /**
   * A file's text has entered the stream.
   * @param changed whether another text of it did: this is what it is now
   */
  addText(path: string, text: string, changed = false): void {
    this.search.add(path, text, changed);
    this.#unskip(path);
  }

  /** A file could not be read, now or again. */
  leaveOut(skipped: SkippedFile): void {
    this.#unskip(skipped.path);
    this.skipped.push(skipped);
  }

  /** Forgets the files that were made ready and not read: they are read as they are then. */
  forgetUnread(): void {
    for (const path of this.index.forget(this.#report.streamTokens)) this.search.remove(path);
  }

  /** The files are others by now; what was read of them stays. */
  takeListing(listing: Listing): void {
    this.#revision++;
    this.#listing = listing;
    this.#files = new Map(listing.files.map((file) => [file.path, file]));
    this.#resolver = null;
    this.skipped.splice(0, this.skipped.length, ...listing.skipped);
  }

  /**
   * Forgets files that the memory has, in the memory first.
   * @returns the rows that went, see `NativeMemory.forget`, and the tokens that they stood for
   * @throws what the addon rejects with; nothing is forgotten then
   */
  async forgetFiles(
    paths: readonly string[],
    cancellation: NativeCancellation,
  ): Promise<{ readonly tokens: number; readonly evened: number }> {
    const files = paths.flatMap((path) => this.index.fileOf(path) ?? []);
    if (files.length === 0) return { tokens: 0, evened: 0 };
    const ranges = Int32Array.from(files.flatMap(({ from, to }) => [from, to]));
    const { evened } = await this.memory.forget(ranges, { cancellation });
    // The memory has emptied them.
    this.tails.clear();
    for (const { path } of files) {
      this.index.drop(path);
      this.search.remove(path);
    }
    this.#baseline = null;
    this.advance(this.#totalTokens, this.#complete);
    return { tokens: files.reduce((sum, { from, to }) => sum + to - from, 0), evened };
  }

  /** Files have other paths; their content stays. What is searched is to be told of by `addText`. */
  renameFiles(renamed: readonly { readonly from: string; readonly to: string }[]): void {
    this.index.rename(renamed);
    for (const { from } of renamed) this.search.remove(from);
    this.#revision++;
  }

  /**
   * Ends the stream at the last whole chunk: of files that were made ready to be added, those that are
   * not read to their end are forgotten. What is searched keeps their text.
   * @throws what the addon rejects with
   */
  async cutOff(): Promise<void> {
    const { streamTokens } = this.memory.report();
    const cut = this.index.files.find(({ from, to }) => from < streamTokens && to > streamTokens);
    if (cut !== undefined) {
      const ranges = Int32Array.of(cut.from, streamTokens);
      await this.memory.forget(ranges, { cancellation: this.addon.createCancellation() });
      this.tails.clear();
    }
    this.index.cutOff(streamTokens);
    this.#baseline = null;
    this.advance(this.#totalTokens, false);
  }

  /** A listed file. */
  readonly fileOf = (path: string): RepositoryFile | null => this.#files.get(path) ?? null;

  /** From now on files have these texts, by path, in place of those on disk. */
  show(texts: ReadonlyMap<string, string>): void {
    this.#shown = texts;
  }

  /** A file as it is now. Rejects only with the signal's reason. */
  async readFile(path: string, signal: AbortSignal): Promise<FileText> {
    const file = this.#files.get(path);
    const text = this.#shown.get(path);
    if (text !== undefined) return { ok: true, text, bytes: Buffer.byteLength(text) };
    if (file === undefined) return { ok: false, skipped: { path, reason: 'disappeared' } };
    return readText(file, { signal });
  }

  /** Tokens of a part of a file as it stands in a prompt: header and text. */
  countTokens(path: string, text: string): number {
    const { layout } = this.formats;
    return layout.fileHeader(path).length + layout.content(text).length;
  }

  /** A sentence for answers, while not everything is read. */
  incompleteness(): string[] {
    if (this.#complete) return [];
    const share = percent(this.#report.streamTokens / Math.max(1, this.expectedTokens));
    const read = fullCount(this.index.files.length);
    return [`Read so far: ${share} (${read} of ${counted(this.#files.size, 'file')}).`];
  }

  /** The reason for a file that is not in the index, as the end of a sentence. */
  whyNotRead(path: string): string {
    return reasonNotRead(path, this.skipped, this.#files.has(path));
  }

  #unskip(path: string): void {
    const index = this.skipped.findIndex((file) => file.path === path);
    if (index >= 0) this.skipped.splice(index, 1);
  }

  /** Gives the memory's bytes back; nothing may be asked of it afterwards. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.memory.dispose();
  }
}
