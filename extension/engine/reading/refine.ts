/**
 * The idle pass: the repository is read a second time, into a second memory, and kept by what
 * repeating it needs (KVzip, arXiv 2505.23416). Nothing of the first memory is touched.
 */

import type { Progress } from '../../protocol/notifications/progress.ts';
import type { RefineParameters } from '../../protocol/requests/refine.ts';
import { byteSize } from '../../report/format.ts';
import type { ChosenPolicy } from '../../protocol/policies.ts';
import { createMemory } from './create-memory.ts';
import { cancelled, EngineError, isCancellation } from '../core/errors.ts';
import { computeBytes, freeBytes } from '../native/free-memory.ts';
import type { NativeAddon, NativeMemoryReport } from '../native/contract.ts';
import { measuringProgress, policyOf } from './opening.ts';
import type { Basis, Outcome } from './opening.ts';
import { probeFor } from './question-aware.ts';
import { Reader } from './reader.ts';
import { refinePolicy } from './refine-policy.ts';
import { Repository } from '../memory/repository.ts';
import type { Turn } from '../core/scheduler.ts';

/** Said where every token is held already. */
export const nothingToRefine =
  'Loci remembers everything that was read, so there is nothing to refine.';

export interface RefineRequest {
  readonly parameters: RefineParameters;
  /** What the memory that is open was made with. */
  readonly basis: Basis;
  readonly opened: NativeMemoryReport;
  readonly turn: Turn;
  readonly onProgress: (progress: Progress) => void;
}

/** A second reading, whole or not. */
interface SecondReading {
  readonly policy: ChosenPolicy;
  readonly repository: Repository;
}

/** Owns the second memory until it is complete. */
export class Refiner {
  readonly #addon: NativeAddon;
  readonly #cacheDirectory: string | null;
  #second: SecondReading | null = null;
  /** Stops what is being read, which is then given up. */
  #reading: AbortController | null = null;

  /** @param cacheDirectory a folder for what is measured once per model. */
  constructor(addon: NativeAddon, cacheDirectory: string | null) {
    this.#addon = addon;
    this.#cacheDirectory = cacheDirectory;
  }

  /** Bytes of keys and values that a reading which was stopped keeps. */
  get bytes(): number {
    return this.#second?.repository.report.physicalBytes ?? 0;
  }

  /**
   * Reads, from where an earlier call of the same policy was stopped.
   * @returns the complete second memory; the caller owns it from then on.
   * @throws EngineError `cancelled`: what was read is kept; `out-of-memory`; what the addon rejects
   *   with.
   */
  async run({ parameters, basis, opened, turn, onProgress }: RefineRequest): Promise<Outcome> {
    const policy = refinePolicy(parameters.policy, policyOf(basis.plan));
    if (!samePolicy(this.#second?.policy, policy)) this.drop();
    const reader = (this.#reading = new AbortController());
    const signal = AbortSignal.any([turn.signal, reader.signal]);
    const own = { signal, yield: () => turn.yield() };
    try {
      this.#second ??= await this.#begin(policy, basis, opened, own, onProgress);
      const { repository } = this.#second;
      const reading = await new Reader(repository).read(own, (progress) => {
        onProgress({
          phase: 'refining',
          ...progress,
          heldTokens: repository.report.heldTokens,
          budgetTokens: basis.budgetTokens,
        });
      });
      if (!reading.complete) throw cancelled();
      this.#second = null;
      return { policy, refined: true, repository, reading, restored: false, changed: [] };
    } catch (error) {
      // What failed once would fail again.
      if (!isCancellation(error)) reader.abort();
      throw error;
    } finally {
      this.#reading = null;
      if (reader.signal.aborted) this.drop();
    }
  }

  /** Gives up what was read so far; what is being read is stopped first. */
  drop(): void {
    if (this.#reading !== null) {
      this.#reading.abort();
      return;
    }
    this.#second?.repository.dispose();
    this.#second = null;
  }

  async #begin(
    policy: ChosenPolicy,
    basis: Basis,
    opened: NativeMemoryReport,
    turn: Turn,
    onProgress: RefineRequest['onProgress'],
  ): Promise<SecondReading> {
    refuseWithoutRoom(basis, opened);
    const { plan, loaded, budgetTokens, chunkTokens, working, expectedTokens } = basis;
    const memory = await createMemory({
      addon: this.#addon,
      loaded,
      policy,
      kvType: plan.parameters.kvType,
      budgetTokens,
      chunkTokens,
      working,
      streamTokens: expectedTokens,
      probe: probeFor(loaded.formats.chat, plan.parameters.observedQuestion, chunkTokens),
      directory: this.#cacheDirectory,
      onMeasuring: measuringProgress(plan.listing.files.length, onProgress),
      // The first memory answers meanwhile.
      between: () => turn.yield(),
      signal: turn.signal,
    });
    const repository = new Repository({
      addon: this.#addon,
      model: loaded.model,
      memory,
      formats: loaded.formats,
      roots: plan.roots,
      listing: plan.listing,
      budgetTokens,
      countedTokens: expectedTokens,
    });
    return { policy, repository };
  }
}

/** The second memory comes on top of the first, with buffers to compute with. */
function refuseWithoutRoom(basis: Basis, opened: NativeMemoryReport): void {
  const { runtime, loaded, chunkTokens, budgetTokens } = basis;
  const needed =
    opened.budgetBytes +
    opened.workingBytes +
    computeBytes(loaded.metadata, chunkTokens, budgetTokens);
  const free = freeBytes(runtime.runtime.devices(), loaded.onGpu);
  if (needed <= free) return;
  throw new EngineError(
    'out-of-memory',
    `Refining needs ${byteSize(needed)} for a second memory, but only ${byteSize(free)} are free. Close other programs or lower the budget.`,
  );
}

function samePolicy(one: ChosenPolicy | undefined, other: ChosenPolicy): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
