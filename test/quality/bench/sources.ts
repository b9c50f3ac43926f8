/** The repositories to read, on disk, with the items to ask. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { walkRepository } from '../../../extension/repository/files/walk.ts';
import { writeRepository } from '../../tools/write-repository.ts';
import { generateBenchmark } from '../generator/benchmark.ts';
import type { BenchmarkItem, TaskName } from '../generator/items.ts';
import { charactersPerToken } from '../generator/repository.ts';
import type { BenchModel, Source } from './model.ts';
import { holdOut } from './hold-out.ts';

/** The filled share of the largest budget at length 1; the rest covers miscounted tokens. */
const fill = 0.85;

export interface Subject extends Source {
  readonly items: readonly BenchmarkItem[];
}

export interface Sources {
  /** @throws Error in one sentence if there is no such repository */
  get(length: number, repository: number, signal: AbortSignal): Promise<Subject>;
  /** Its approximate number of tokens, for estimates of time. */
  tokens(length: number): number;
  close(): Promise<void>;
}

/** Generated repositories, in a temporary folder that `close` deletes. */
export class GeneratedSources implements Sources {
  readonly #bench: BenchModel;
  readonly #options: { readonly seed: number; readonly questions: number };
  readonly #tasks: readonly TaskName[];
  readonly #subjects = new Map<string, Subject>();
  #parent: string | null = null;

  constructor(
    bench: BenchModel,
    options: { readonly seed: number; readonly questions: number },
    tasks: readonly TaskName[],
  ) {
    this.#bench = bench;
    this.#options = options;
    this.#tasks = tasks;
  }

  /** Lengths up to 1 fit the largest budget; longer ones are multiples of the trained context. */
  tokens(length: number): number {
    const { trainedContext, largestBudget } = this.#bench;
    return Math.round(length <= 1 ? length * fill * largestBudget : length * trainedContext);
  }

  async get(length: number, repository: number): Promise<Subject> {
    const key = `${String(length)}-${String(repository)}`;
    const known = this.#subjects.get(key);
    if (known !== undefined) return known;
    const benchmark = generateBenchmark({
      seed: this.#options.seed + repository,
      // The generator counts in tokens of the bundled model.
      tokens: this.tokens(length) * (this.#bench.charactersPerToken / charactersPerToken),
      questions: this.#options.questions,
    });
    this.#parent ??= await mkdtemp(join(tmpdir(), 'loci-quality-'));
    // The model sees the folder's name.
    const root = join(this.#parent, key, benchmark.name);
    await writeRepository(benchmark, root);
    const subject = {
      roots: [root],
      listing: await walkRepository([root], {}),
      items: benchmark.items.filter(({ task }) => this.#tasks.includes(task)),
    };
    this.#subjects.set(key, subject);
    return subject;
  }

  async close(): Promise<void> {
    if (this.#parent !== null) await rm(this.#parent, { recursive: true, force: true });
    this.#parent = null;
    this.#subjects.clear();
  }
}

/**
 * A given repository: some files are held out, and their references to the others are asked for.
 */
export class GivenSource implements Sources {
  readonly #root: string;
  readonly #options: { readonly seed: number; readonly questions: number };
  #subject: Subject | null = null;
  #bytes = 0;

  constructor(root: string, options: { readonly seed: number; readonly questions: number }) {
    this.#root = resolve(root);
    this.#options = options;
  }

  tokens(): number {
    return this.#bytes / charactersPerToken;
  }

  async get(_: number, __: number, signal: AbortSignal): Promise<Subject> {
    if (this.#subject !== null) return this.#subject;
    const listing = await walkRepository([this.#root], { signal });
    const held = await holdOut(listing, { ...this.#options, signal });
    this.#bytes = held.listing.bytes;
    this.#subject = { roots: [this.#root], ...held };
    return this.#subject;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
