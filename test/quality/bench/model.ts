/** Loads one model for all cells of a grid, and holds memories of repositories. */
import { loadAddon } from '../../../extension/engine/native/addon.ts';
import type { LoadedAddon } from '../../../extension/engine/native/addon.ts';
import { Reader } from '../../../extension/engine/reading/reader.ts';
import { workingSet } from '../../../extension/engine/memory/working-set.ts';
import type { WorkingSet } from '../../../extension/engine/memory/working-set.ts';
import { resolveBudget } from '../../../extension/engine/memory/budget.ts';
import { chunkTokensFor } from '../../../extension/engine/memory/chunk-tokens.ts';
import { cacheDirectory } from '../../../extension/engine/native/cache-directory.ts';
import { EngineError } from '../../../extension/engine/core/errors.ts';
import { freeBytes } from '../../../extension/engine/native/free-memory.ts';
import { ModelHost } from '../../../extension/engine/model/model-host.ts';
import type { LoadedModel } from '../../../extension/engine/model/model-host.ts';
import { createMemory } from '../../../extension/engine/reading/create-memory.ts';
import { probeFor, questionAware } from '../../../extension/engine/reading/question-aware.ts';
import { Repository, repositoryName } from '../../../extension/engine/memory/repository.ts';
import { RuntimeHost } from '../../../extension/engine/native/runtime-host.ts';
import type { StartedRuntime } from '../../../extension/engine/native/runtime-host.ts';
import { governThreads } from '../../../extension/engine/native/thread-governor.ts';
import { countStream } from '../../../extension/repository/stream/stream.ts';
import type { Listing } from '../../../extension/repository/files/listing.ts';
import { bundledModelPath } from '../../../extension/models/bundled.ts';
import { budgetTokens, kvBytes } from '../../../extension/models/estimate.ts';
import type { KvShape } from '../../../extension/models/estimate.ts';
import { validateModel } from '../../../extension/models/validate.ts';
import type { Budget } from '../../../extension/protocol/budget.ts';
import type { Gpu } from '../../../extension/protocol/gpu.ts';
import type { KvType } from '../../../extension/protocol/policies.ts';
import { generateRepository } from '../generator/repository.ts';
import type { Mode, PolicyChoice } from './axes.ts';

/** A repository on disk. */
export interface Source {
  readonly roots: readonly string[];
  readonly listing: Listing;
}

/** How to hold a repository. */
export interface Holding {
  readonly budget: Budget;
  readonly policy: PolicyChoice;
  readonly kvType: KvType;
  /** The type that defines the budget's bytes; other types hold as many tokens as fit in them. */
  readonly bytesOf: KvType;
  readonly mode: Mode;
  /** The question to read for in question-aware mode. */
  readonly question?: string;
}

export interface Held {
  readonly repository: Repository;
  readonly budgetTokens: number;
  readonly ingestMs: number;
  readonly notices: readonly string[];
}

/** The engine without its queue: a measurement does one thing at a time. */
export class BenchModel {
  readonly #addon: LoadedAddon;
  readonly #host: ModelHost;
  readonly #runtime: StartedRuntime;
  readonly #loaded: LoadedModel;
  readonly #lengths = new WeakMap<Listing, number>();
  #held: Repository | null = null;

  private constructor(
    addon: LoadedAddon,
    host: ModelHost,
    runtime: StartedRuntime,
    loaded: LoadedModel,
  ) {
    this.#addon = addon;
    this.#host = host;
    this.#runtime = runtime;
    this.#loaded = loaded;
  }

  /**
   * @param path a GGUF file; null for the bundled model.
   * @throws EngineError
   */
  static async load(path: string | null, gpu: Gpu, signal: AbortSignal): Promise<BenchModel> {
    const validation = await validateModel(path ?? bundledModelPath());
    if (!validation.ok) throw new EngineError(validation.code, validation.message);
    const addon = await loadAddon(cacheDirectory());
    governThreads(addon.addon);
    const runtime = await new RuntimeHost(addon, () => undefined).start(gpu);
    const host = new ModelHost(addon.addon);
    const needs = { kvBytes: 0, computeBytes: 0 };
    const loaded = await host.load(validation.model, runtime, needs, signal, () => undefined);
    return new BenchModel(addon, host, runtime, loaded);
  }

  get name(): string {
    return this.#loaded.metadata.name;
  }

  /** The context length, in tokens, that the model was trained for. */
  get trainedContext(): number {
    return Math.min(this.#loaded.metadata.trainedContext, this.#loaded.model.info.trainedContext);
  }

  /** The characters per token of this model on generated code. */
  get charactersPerToken(): number {
    const { files } = generateRepository({ seed: 1, tokens: 3000, questions: 6 });
    const text = [...files.values()].join('');
    return text.length / this.#loaded.model.tokenize(text, { special: false }).length;
  }

  /** The most tokens that can be held without eviction. */
  get largestBudget(): number {
    return this.trainedContext - chunkTokensFor(this.trainedContext);
  }

  /** The exact length of the stream in tokens. */
  async tokensOf(source: Source, signal: AbortSignal): Promise<number> {
    const known = this.#lengths.get(source.listing);
    if (known !== undefined) return known;
    const { layout, chat } = this.#loaded.formats;
    const tokens = await countStream(source.listing.files, {
      layout,
      name: repositoryName(source.roots),
      prologue: chat.prologue,
      signal,
    });
    this.#lengths.set(source.listing, tokens);
    return tokens;
  }

  /**
   * Reads a repository in place of the previous one.
   * @param onProgress is called with the share that has been read, in [0, 1].
   * @throws EngineError with the engine's own message.
   */
  async hold(
    source: Source,
    holding: Holding,
    signal: AbortSignal,
    onProgress: (share: number) => void,
  ): Promise<Held> {
    this.#release();
    const { model, formats } = this.#loaded;
    const { kvType, mode, question } = holding;
    const { addon } = this.#addon;
    const policy = question === undefined ? holding.policy : questionAware(addon, holding.policy);
    const streamTokens = await this.tokensOf(source, signal);
    const { chunkTokens, working, budget } = this.#sizes(holding, streamTokens);
    const memory = await createMemory({
      addon,
      loaded: this.#loaded,
      policy,
      kvType,
      budgetTokens: budget.tokens,
      chunkTokens,
      working,
      streamTokens,
      probe: probeFor(formats.chat, question, chunkTokens),
      directory: cacheDirectory(),
      signal,
    });
    const repository = new Repository({
      addon,
      model,
      memory,
      formats,
      roots: source.roots,
      listing: source.listing,
      budgetTokens: budget.tokens,
      countedTokens: streamTokens,
    });
    this.#held = repository;
    const turn = { signal, yield: () => new Promise<void>((resolve) => setImmediate(resolve)) };
    const reading = await new Reader(repository).read(turn, ({ tokens }) => {
      onProgress(tokens / streamTokens);
    });
    signal.throwIfAborted();
    if (mode === 'after-prefill' && memory.report().heldTokens > budget.tokens) {
      throw new Error('The memory was not compressed after the prefill.');
    }
    return {
      repository,
      budgetTokens: budget.tokens,
      ingestMs: reading.milliseconds,
      notices: budget.notices,
    };
  }

  /** Releases the memory and the model. */
  dispose(): void {
    this.#release();
    this.#host.unload();
  }

  #sizes(
    { budget, policy, kvType, bytesOf, mode }: Holding,
    streamTokens: number,
  ): {
    chunkTokens: number;
    working: WorkingSet;
    budget: { tokens: number; notices: readonly string[] };
  } {
    const { table } = this.#loaded.metadata;
    const shape = (type: KvType): KvShape => ({ table, kvType: type });
    const wanted = budgetTokens(budget, shape(bytesOf), streamTokens);
    const value = Math.floor((wanted * kvBytes(shape(bytesOf), 1)) / kvBytes(shape(kvType), 1));
    const chunkTokens =
      mode === 'after-prefill'
        ? Math.ceil(streamTokens / 64) * 64
        : chunkTokensFor(this.trainedContext);
    if (mode === 'after-prefill' && chunkTokens + value > this.trainedContext) {
      throw new EngineError(
        'budget-too-small',
        `Reading all ${String(streamTokens)} tokens before they are compressed to ${String(value)} needs both within the ${String(this.trainedContext)} that the model was trained for; choose a shorter repository or a smaller budget.`,
      );
    }
    const usual = workingSet(null, this.trainedContext);
    const working = { ...usual, rows: Math.max(usual.rows, chunkTokens) };
    const resolved = resolveBudget({
      exactShare: true,
      budget: { unit: 'tokens', value },
      // All that matters here is whether it may evict; the addon knows the names.
      policy: policy.name === 'full' ? 'full' : 'streaming',
      shape: shape(kvType),
      working,
      trainedContext: this.trainedContext,
      streamTokens,
      streamLimit: streamTokens,
      freeBytes: freeBytes(this.#runtime.runtime.devices(), this.#loaded.onGpu),
    });
    return { chunkTokens, working, budget: resolved };
  }

  #release(): void {
    this.#held?.dispose();
    this.#held = null;
  }
}
