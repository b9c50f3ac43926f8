/** Other settings for what is held already: answered without reading, where that can be. */

import type { Adoption } from '../../protocol/requests/adopt.ts';
import type { OpenParameters } from '../../protocol/requests/open.ts';
import { needsCount } from '../memory/budget.ts';
import type { HeldMemory } from './held-memory.ts';
import { describeOpening } from './opening.ts';
import type { Refiner } from './refine.ts';
import { settleBudget } from './settle-budget.ts';

export interface Adopting {
  readonly held: HeldMemory;
  /** What it has read a second time is given up with the budget that it was read for. */
  readonly refiner: Pick<Refiner, 'bytes' | 'drop'>;
  readonly parameters: OpenParameters;
  readonly signal: AbortSignal;
}

/**
 * Compares what is asked for with what is held: everything but the budget must be the same. A smaller
 * budget is applied to the memory at once; so is a larger one where nothing was evicted yet. The files
 * are taken to be as they were read.
 * @returns the memory's figures with what is to be said of the new budget, or what a reading gives
 * @throws EngineError where the budget makes no sense with this model, `budget-too-small`,
 *   `cancelled`; the memory is then as it was
 */
export async function adoptParameters(adopting: Adopting): Promise<Adoption> {
  const { held, refiner, parameters, signal } = adopting;
  const { read } = held;
  if (!read?.outcome.reading.complete) return { kind: 'reading', growth: null };
  const { basis, outcome, suggestions } = read;
  if (!sameButBudget(basis.plan.parameters, parameters)) return { kind: 'reading', growth: null };
  const { repository } = outcome;
  const { report, liveTokens } = repository;
  // What else the user leaves out or pins is followed.
  const { exclude, pin } = basis.plan.parameters;
  const plan = { ...basis.plan, parameters: { ...parameters, exclude, pin } };
  const counted = needsCount(parameters.budget, parameters.policy, parameters.kvType);
  const settled = settleBudget({
    ...basis,
    plan,
    expectedTokens: counted ? liveTokens : basis.expectedTokens,
    heldBytes: held.bytes + refiner.bytes,
  });
  const { tokens: budgetTokens, bytes, freeBytes } = settled;
  if (budgetTokens > basis.budgetTokens && report.heldTokens < liveTokens) {
    const growth = { tokens: budgetTokens, bytes, fits: bytes <= freeBytes };
    return { kind: 'reading', growth };
  }
  if (budgetTokens !== basis.budgetTokens) {
    await repository.resize(budgetTokens, signal);
    refiner.drop();
  }
  const notices = [...basis.loaded.notices, ...settled.notices];
  const adopted = { ...basis, plan, budgetTokens, notices };
  held.finish({ basis: adopted, outcome, suggestions });
  return { kind: 'taken', result: describeOpening(adopted, outcome, suggestions) };
}

function sameButBudget(read: OpenParameters, wanted: OpenParameters): boolean {
  return madeBy(read) === madeBy(wanted);
}

/** The parameters that a memory depends on, the budget apart, as JSON. */
function madeBy(parameters: OpenParameters): string {
  const { modelPath, gpu, roots, policy, policyParameters, kvType } = parameters;
  const { observedQuestion = null, workingTokens = null, encodings = [] } = parameters;
  const how = Object.entries(policyParameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    modelPath,
    gpu,
    roots,
    policy,
    how,
    kvType,
    observedQuestion,
    workingTokens,
    encodings,
  ]);
}
