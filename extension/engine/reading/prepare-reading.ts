/** What a reading takes before its first token: libraries, a model, a budget and an empty memory. */

import { countStream } from '../../repository/stream/stream.ts';
import type { ChosenPolicy } from '../../protocol/policies.ts';
import type { Progress } from '../../protocol/notifications/progress.ts';
import { minimumBudgetTokens, needsCount } from '../memory/budget.ts';
import { chunkTokensFor } from '../memory/chunk-tokens.ts';
import { workingSet } from '../memory/working-set.ts';
import { createShrinking } from './create-shrinking.ts';
import type { LoadedModel, ModelHost } from '../model/model-host.ts';
import type { NativeAddon } from '../native/contract.ts';
import { measuringProgress, memoryNeeds, policyOf, progressOf, streamLimit } from './opening.ts';
import type { Basis, Plan } from './opening.ts';
import { probeFor } from './question-aware.ts';
import { Repository, repositoryName } from '../memory/repository.ts';
import { refuseBeforeLoading } from './refuse-before-loading.ts';
import type { RuntimeHost, StartedRuntime } from '../native/runtime-host.ts';
import { settleBudget, trainedContextOf } from './settle-budget.ts';

export interface Preparation {
  readonly addon: NativeAddon;
  readonly runtime: RuntimeHost;
  readonly models: ModelHost;
  /** A folder for what can be computed again. */
  readonly cacheDirectory: string | null;
  readonly plan: Plan;
  /** Sentences for the user of what was tried before. */
  readonly notices?: readonly string[];
  /** What an earlier reading of the same had; absent: what the plan has. */
  readonly before?: EarlierReading;
  readonly signal: AbortSignal;
  /** Bytes of keys and values that {@link release} would now give back. */
  readonly heldBytes: () => number;
  /** Gives up the memory that is open; may be called twice. Not called where both fit. */
  readonly release: () => void;
  readonly onProgress: (progress: Progress) => void;
}

/** What is made from these is the memory that an earlier reading made. */
interface EarlierReading {
  readonly policy: ChosenPolicy;
  readonly expectedTokens: number | null;
  readonly streamLimit: number;
  /** The budget that it had: the memory is made for it where it is larger and fits. */
  readonly budgetTokens: number;
}

/** An empty memory, and what it was made with. */
export interface Prepared {
  readonly repository: Repository;
  readonly basis: Basis;
}

/**
 * Prepares what a plan asks for. The memory that is open is released only once the budget is known to
 * be sound and both do not fit, or where another model takes its place.
 * @throws EngineError
 */
export async function prepareReading(preparation: Preparation): Promise<Prepared> {
  const { plan, signal, onProgress } = preparation;
  const { parameters, metadata, roots, listing } = plan;
  const startedAt = performance.now();
  onProgress(progressOf('loading', listing.files.length));
  const runtime = await preparation.runtime.start(parameters.gpu);
  const loaded =
    (await preparation.models.current(metadata, runtime)) ?? (await replace(preparation, runtime));
  const { model, formats } = loaded;
  const trainedContext = trainedContextOf({ plan, loaded });
  const chunkTokens = chunkTokensFor(trainedContext);
  const working = workingSet(parameters.workingTokens ?? null, trainedContext);
  const probe = probeFor(formats.chat, parameters.observedQuestion, chunkTokens);
  const countedAt = performance.now();
  const { before } = preparation;
  const expectedTokens =
    before === undefined ? await countedTokens(preparation, loaded) : before.expectedTokens;
  const limit = before?.streamLimit ?? streamLimit(plan);
  const countMs = performance.now() - countedAt;
  const heldBytes = preparation.heldBytes();
  const settled = settleBudget({
    plan,
    loaded,
    runtime,
    expectedTokens,
    streamLimit: limit,
    heldBytes,
  });
  const { tokens: budgetTokens, notices, freeBytes } = settled;
  const larger = Math.max(budgetTokens, before?.budgetTokens ?? 0);
  const fits = settled.bytesOf(larger) <= freeBytes + heldBytes;
  const madeTokens = fits ? larger : budgetTokens;
  if (settled.bytesOf(madeTokens) > freeBytes) preparation.release();
  const { addon, cacheDirectory } = preparation;
  const policy = before?.policy ?? policyOf(plan);
  const made = await createShrinking({
    addon,
    loaded,
    policy,
    kvType: parameters.kvType,
    budgetTokens: madeTokens,
    // What was kept, and what keeps everything, is of no use in a smaller one.
    leastTokens: before === undefined && policy.name !== 'full' ? minimumBudgetTokens : madeTokens,
    release: preparation.release,
    chunkTokens,
    working,
    streamTokens: expectedTokens,
    probe,
    directory: cacheDirectory,
    onMeasuring: measuringProgress(listing.files.length, onProgress),
    signal,
  });
  const repository = new Repository({
    addon,
    model,
    memory: made.memory,
    formats,
    roots,
    listing,
    budgetTokens: made.budgetTokens,
    countedTokens: expectedTokens,
  });
  const told = preparation.notices ?? [];
  const loadMs = performance.now() - startedAt - countMs;
  const basis = {
    plan,
    loaded,
    runtime,
    budgetTokens: Math.min(budgetTokens, made.budgetTokens),
    chunkTokens,
    working,
    expectedTokens,
    streamLimit: limit,
    loadMs,
    countMs,
    notices: [...told, ...loaded.notices, ...notices, ...made.notices],
  };
  return { repository, basis };
}

/** The exact length of the stream; null where nothing depends on it. */
function countedTokens(
  { plan, signal }: Preparation,
  { formats }: LoadedModel,
): Promise<number | null> {
  const { parameters, roots, listing } = plan;
  const { budget, policy, kvType } = parameters;
  if (!needsCount(budget, policy, kvType)) return Promise.resolve(null);
  const { layout, chat } = formats;
  const name = repositoryName(roots);
  return countStream(listing.files, { layout, name, prologue: chat.prologue, signal });
}

/** Another model than before: the old memory goes first, it lives on the old weights. */
function replace(preparation: Preparation, runtime: StartedRuntime): Promise<LoadedModel> {
  const { plan, models, signal, release, heldBytes, onProgress } = preparation;
  refuseBeforeLoading(plan, runtime, heldBytes() + models.weightBytes);
  release();
  return models.load(plan.metadata, runtime, memoryNeeds(plan), signal, () => {
    onProgress(progressOf('loading', plan.listing.files.length));
  });
}
