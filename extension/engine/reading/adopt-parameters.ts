/** Other settings that come to what is held already: answered without reading. */

import type { OpenParameters, OpenResult } from '../../protocol/requests/open.ts';
import { needsCount } from '../memory/budget.ts';
import type { HeldMemory } from './held-memory.ts';
import { describeOpening } from './opening.ts';
import { settleBudget } from './settle-budget.ts';

/**
 * Compares what is asked for with what is held: everything but the budget must be the same, and the
 * budget must come to as many tokens. The files are taken to be as they were read.
 * @param heldBytes bytes of keys and values that reading would give back
 * @returns the memory's figures with what is to be said of the new budget; null where a reading is
 *   needed.
 * @throws EngineError where the budget makes no sense with this model
 */
export function adoptParameters(
  held: HeldMemory,
  parameters: OpenParameters,
  heldBytes: number,
): OpenResult | null {
  const { read } = held;
  if (!read?.outcome.reading.complete) return null;
  const { basis, outcome, suggestions } = read;
  if (!sameButBudget(basis.plan.parameters, parameters)) return null;
  const plan = { ...basis.plan, parameters };
  const counted = needsCount(parameters.budget, parameters.policy, parameters.kvType);
  const settled = settleBudget({
    ...basis,
    plan,
    expectedTokens: counted ? outcome.repository.liveTokens : basis.expectedTokens,
    heldBytes,
  });
  if (settled.tokens !== basis.budgetTokens) return null;
  const notices = [...basis.loaded.notices, ...settled.notices];
  const adopted = { ...basis, plan, notices };
  held.finish({ basis: adopted, outcome, suggestions });
  return describeOpening(adopted, outcome, suggestions);
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
