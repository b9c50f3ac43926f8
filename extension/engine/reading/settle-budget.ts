/** What a plan's budget comes to with the model that is loaded and the memory that is free. */

import { memoryBytes } from '../../models/estimate.ts';
import { resolveBudget } from '../memory/budget.ts';
import { workingSet } from '../memory/working-set.ts';
import { freeBytes } from '../native/free-memory.ts';
import type { LoadedModel } from '../model/model-host.ts';
import { shapeOf } from './opening.ts';
import type { Plan } from './opening.ts';
import type { StartedRuntime } from '../native/runtime-host.ts';

export interface BudgetBasis {
  readonly plan: Plan;
  readonly loaded: LoadedModel;
  readonly runtime: StartedRuntime;
  /** The exact length of the stream; null where it was not counted. */
  readonly expectedTokens: number | null;
  /** What the stream cannot be longer than. */
  readonly streamLimit: number;
  /** Bytes of keys and values that can be given back. */
  readonly heldBytes: number;
}

/** Tokens that the model was trained to see at once. */
export function trainedContextOf({ plan, loaded }: Pick<BudgetBasis, 'plan' | 'loaded'>): number {
  return Math.min(plan.metadata.trainedContext, loaded.model.info.trainedContext);
}

export interface SettledBudget extends ReturnType<typeof resolveBudget> {
  /** Of keys and values with what works behind them. */
  readonly bytes: number;
  /** The same of another number of tokens. */
  readonly bytesOf: (tokens: number) => number;
  readonly freeBytes: number;
}

/** @throws EngineError `budget-too-small` and the like */
export function settleBudget(basis: BudgetBasis): SettledBudget {
  const { plan, loaded, runtime, expectedTokens, heldBytes } = basis;
  const trainedContext = trainedContextOf(basis);
  const { budget, exactShare = false, policy, workingTokens = null } = plan.parameters;
  const working = workingSet(workingTokens, trainedContext);
  const shape = shapeOf(plan, (expectedTokens ?? Infinity) + working.rows > trainedContext);
  const free = freeBytes(runtime.runtime.devices(), loaded.onGpu);
  const resolved = resolveBudget({
    budget,
    exactShare,
    policy,
    shape,
    working,
    trainedContext,
    streamTokens: expectedTokens,
    streamLimit: basis.streamLimit,
    freeBytes: free + heldBytes,
  });
  const bytesOf = (tokens: number): number => memoryBytes(shape, tokens, working.total);
  return { ...resolved, bytes: bytesOf(resolved.tokens), bytesOf, freeBytes: free };
}
