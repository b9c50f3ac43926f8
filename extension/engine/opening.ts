/** What is settled before a repository is read, and what is told after it. */

import { resolve } from 'node:path';
import { describeEmptyListing, walkRepository } from '../memory/walk.ts';
import type { Listing } from '../memory/walk.ts';
import { bundledModelPath } from '../models/bundled.ts';
import { validateModel } from '../models/validate.ts';
import type { ModelMetadata } from '../models/validate.ts';
import type { OpenParameters, OpenResult, Phase, Progress } from '../protocol/engine.ts';
import type { UsedGpu } from './device.ts';
import { EngineError, toEngineError } from './errors.ts';
import type { LoadedModel } from './model-host.ts';
import type { Reading, Repository } from './repository.ts';

/** A model that is sound and files that are there: nothing is loaded yet. */
export interface Plan {
  readonly parameters: OpenParameters;
  readonly metadata: ModelMetadata;
  readonly roots: readonly string[];
  readonly listing: Listing;
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
    const listing = await walkRepository(roots, { signal, onProgress });
    if (listing.files.length === 0) {
      throw new EngineError('repository-empty', describeEmptyListing(roots, listing));
    }
    return { parameters, metadata: validation.model, roots, listing };
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

export interface OpeningOutcome {
  readonly plan: Plan;
  readonly loaded: LoadedModel;
  readonly gpu: UsedGpu;
  readonly repository: Repository;
  readonly budgetTokens: number;
  readonly reading: Reading;
  readonly loadMs: number;
  /** Time of the counting pass, where there was one. */
  readonly countMs: number;
  readonly notices: readonly string[];
}

/** The result for the caller. To be made by the job that owns the memory. */
export function describeOpening(outcome: OpeningOutcome): OpenResult {
  const { plan, loaded, repository, reading } = outcome;
  const { report, index } = repository;
  const ingestMs = reading.milliseconds + outcome.countMs;
  const notices = [...outcome.notices];
  if (!reading.complete) {
    notices.push(
      `Reading was stopped: answers rest on the ${String(index.files.length)} of ${String(plan.listing.files.length)} files read until then.`,
    );
  }
  return {
    model: {
      name: loaded.metadata.name,
      path: loaded.metadata.path,
      architecture: loaded.metadata.architecture,
    },
    gpu: outcome.gpu,
    policy: plan.parameters.policy,
    policyParameters: plan.parameters.policyParameters,
    kvType: plan.parameters.kvType,
    budget: { tokens: outcome.budgetTokens, bytes: report.budgetBytes },
    repository: { files: index.files.length, tokens: report.streamTokens },
    memory: {
      heldTokens: report.heldTokens,
      keptShare: Math.min(1, report.heldTokens / Math.max(1, report.streamTokens)),
      kvBytes: report.physicalBytes,
      logicalBytes: report.logicalBytes,
      peakKvBytes: report.peakBytes,
      chunkBytes: report.chunkBytes,
    },
    timings: {
      loadMs: outcome.loadMs,
      ingestMs,
      ingestTokensPerSecond: report.streamTokens / Math.max(1e-3, reading.milliseconds / 1000),
    },
    files: repository.shares(),
    skipped: repository.skipped,
    complete: reading.complete,
    notices,
  };
}
