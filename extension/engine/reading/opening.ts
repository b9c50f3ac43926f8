/** What is settled before a repository is read, and what is told after it. */

import { resolve } from 'node:path';
import { describeEmptyListing, walkRepository } from '../../repository/files/walk.ts';
import type { Listing } from '../../repository/files/listing.ts';
import { bundledModelPath, isBundledModel } from '../../models/bundled.ts';
import { kvBytes, memoryBytes } from '../../models/estimate.ts';
import type { KvShape } from '../../models/estimate.ts';
import { validateModel } from '../../models/validate.ts';
import type { ModelMetadata } from '../../models/validate.ts';
import type { Phase, Progress } from '../../protocol/notifications/progress.ts';
import type { OpenParameters, OpenResult } from '../../protocol/requests/open.ts';
import { counted, stoppedEarly } from '../../report/format.ts';
import type { ChosenPolicy } from '../../protocol/policies.ts';
import { chunkTokensFor } from '../memory/chunk-tokens.ts';
import { workingSet } from '../memory/working-set.ts';
import type { WorkingSet } from '../memory/working-set.ts';
import { EngineError, toEngineError } from '../core/errors.ts';
import { computeBytes } from '../native/free-memory.ts';
import { nearFiles, orderedFor } from './near-files.ts';
import type { MeasuringProgress } from './profile/step-progress.ts';
import type { LoadedModel, MemoryNeeds } from '../model/model-host.ts';
import type { Repository } from '../memory/repository.ts';
import { heldShares } from '../memory/retained.ts';
import type { Reading } from './reader.ts';
import type { StartedRuntime } from '../native/runtime-host.ts';

/** A model that is sound and files that are there: nothing is loaded yet. */
export interface Plan {
  readonly parameters: OpenParameters;
  readonly metadata: ModelMetadata;
  readonly roots: readonly string[];
  readonly listing: Listing;
  /** Paths of the files that are worked on, as its order has them. */
  readonly near: readonly string[];
}

/**
 * Checks everything that can be checked without touching the memory that is open.
 * @param onProgress hears how many files were found so far.
 * @throws EngineError
 */
export async function planOpening(
  parameters: OpenParameters,
  signal: AbortSignal,
  onProgress: (files: number) => void,
): Promise<Plan> {
  try {
    const validation = await validateModel(parameters.modelPath ?? bundledModelPath());
    if (!validation.ok) throw new EngineError(validation.code, validation.message);
    const roots = parameters.roots.map((root) => resolve(root));
    const { encodings = [], exclude, pin, openFiles = [] } = parameters;
    const listed = await walkRepository(roots, { encodings, exclude, pin, signal, onProgress });
    const near = await nearFiles(listed, openFiles, signal);
    const listing = orderedFor(listed, near);
    onProgress(listing.files.length);
    if (listing.files.length === 0) {
      throw new EngineError('repository-empty', describeEmptyListing(roots, listing));
    }
    return { parameters, metadata: validation.model, roots, listing, near };
  } catch (error) {
    throw toEngineError(error);
  }
}

/**
 * More tokens than the stream can have: one per byte of text, as a replacement character three
 * bytes long at worst, and some for each header.
 */
export function streamLimit(plan: Plan): number {
  const headerBytes = plan.listing.files.reduce((sum, { path }) => sum + 3 * path.length + 16, 0);
  return 3 * plan.listing.bytes + headerBytes + 1024;
}

/** What a row of the plan's memory costs. @param movesKeys whether keys change their positions. */
export function shapeOf({ metadata, parameters }: Plan, movesKeys: boolean): KvShape {
  return { table: metadata.table, kvType: parameters.kvType, movesKeys };
}

/** What a GPU must hold besides the weights, before the tokenizer is there to count with. */
export function memoryNeeds(plan: Plan): MemoryNeeds {
  const { metadata, parameters, listing } = plan;
  const chunkTokens = chunkTokensFor(metadata.trainedContext);
  const shape = shapeOf(plan, true);
  const { unit, value } = parameters.budget;
  const working = workingSet(parameters.workingTokens ?? null, metadata.trainedContext);
  // A repository's length is a guess: four bytes to a token.
  const wanted =
    unit === 'mebibytes'
      ? (value * 2 ** 20) / kvBytes(shape, 1)
      : unit === 'percent'
        ? (listing.bytes / 4) * (value / 100)
        : value;
  const tokens = Math.min(wanted, metadata.trainedContext - working.rows);
  return {
    kvBytes: memoryBytes(shape, tokens, working.total),
    computeBytes: computeBytes(metadata, chunkTokens, tokens),
  };
}

/** Tells how far measuring what each layer needs is. */
export function measuringProgress(
  files: number,
  onProgress: (progress: Progress) => void,
): (measuring: MeasuringProgress) => void {
  return (measuring) => {
    onProgress({ ...progressOf('measuring', files), ...measuring });
  };
}

/** Progress before there are tokens to count. */
export function progressOf(phase: Phase, files: number, budgetTokens = 0): Progress {
  return {
    phase,
    files,
    totalFiles: files,
    tokens: 0,
    totalTokens: 0,
    tokensPerSecond: 0,
    etaSeconds: null,
    heldTokens: 0,
    budgetTokens,
  };
}

/** What a memory was made with; another like it can be made from the same. */
export interface Basis {
  readonly plan: Plan;
  readonly loaded: LoadedModel;
  readonly runtime: StartedRuntime;
  readonly budgetTokens: number;
  readonly chunkTokens: number;
  readonly working: WorkingSet;
  /** The exact length of the stream, where it was counted. */
  readonly expectedTokens: number | null;
  /** What the stream could not be longer than when its budget was settled. */
  readonly streamLimit: number;
  readonly loadMs: number;
  /** Time of the counting pass, where there was one. */
  readonly countMs: number;
  readonly notices: readonly string[];
}

/** What was read, by which policy. */
export interface Outcome {
  readonly policy: ChosenPolicy;
  readonly refined: boolean;
  readonly repository: Repository;
  readonly reading: Reading;
  /** Whether it was kept on disk, and read earlier. */
  readonly restored: boolean;
  /** Paths of files that were others when it was restored. */
  readonly changed: readonly string[];
}

/** What the plan's memory keeps by. */
export function policyOf({ parameters }: Plan): ChosenPolicy {
  return { name: parameters.policy, parameters: parameters.policyParameters };
}

function pinnedTooMuch(tokens: number): string {
  return `Pinned files have ${counted(tokens, 'token')} more than may be pinned, which is half of the budget: these may be forgotten. Pin less, or raise loci.budget.`;
}

/**
 * The result for the caller. To be made by the job that owns the memory.
 * @param suggestions questions that the model answers.
 */
export function describeOpening(
  basis: Basis,
  outcome: Outcome,
  suggestions: readonly string[],
): OpenResult {
  const { plan, loaded } = basis;
  const { policy, refined, repository, reading, restored, changed } = outcome;
  const { report, index, liveTokens } = repository;
  const ingestMs = reading.milliseconds + (refined ? 0 : basis.countMs);
  const notices = [...basis.notices];
  const { left } = repository.pins;
  if (left > 0) notices.push(pinnedTooMuch(left));
  if (!reading.complete) {
    notices.push(stoppedEarly(index.files.length, plan.listing.files.length));
  }
  return {
    model: {
      name: loaded.metadata.name,
      path: loaded.metadata.path,
      architecture: loaded.metadata.architecture,
      bundled: isBundledModel(loaded.metadata.path),
    },
    gpu: basis.runtime.choice.gpu,
    policy: policy.name,
    policyParameters: policy.parameters,
    refined,
    kvType: plan.parameters.kvType,
    budget: { tokens: basis.budgetTokens, bytes: report.budgetBytes },
    repository: {
      files: index.files.length,
      tokens: liveTokens,
      ...(reading.complete
        ? { totalFiles: index.files.length, totalTokens: liveTokens }
        : { totalFiles: plan.listing.files.length, totalTokens: repository.expectedTokens }),
    },
    roots: plan.listing.roots,
    memory: {
      heldTokens: report.heldTokens,
      keptShare: Math.min(1, report.heldTokens / Math.max(1, liveTokens)),
      kvBytes: report.physicalBytes,
      logicalBytes: report.logicalBytes,
      peakKvBytes: report.peakBytes + report.hostBytes,
      workingBytes: report.workingBytes,
    },
    timings: {
      loadMs: basis.loadMs,
      ingestMs,
      ingestTokensPerSecond: report.streamTokens / Math.max(1e-3, reading.milliseconds / 1000),
    },
    files: heldShares(repository),
    skipped: [...repository.skipped],
    complete: reading.complete,
    restored,
    changed: [...changed],
    notices,
    suggestions,
  };
}
