/** What cannot fit is refused before a memory or a model is given up for it. */

import { budgetTokens, memoryBytes } from '../../models/estimate.ts';
import { byteSize, counted } from '../../report/format.ts';
import { EngineError } from '../core/errors.ts';
import { minimumBudgetTokens } from '../memory/budget.ts';
import { chunkTokensFor } from '../memory/chunk-tokens.ts';
import { workingSet } from '../memory/working-set.ts';
import { largestThatFits } from '../model/fit.ts';
import { isGpu } from '../native/device.ts';
import { availableMainMemory, computeBytes } from '../native/free-memory.ts';
import type { StartedRuntime } from '../native/runtime-host.ts';
import { shapeOf, streamLimit } from './opening.ts';
import type { Plan } from './opening.ts';

/**
 * Compares the weights, the memory, its working set and what computing takes with what is free on all devices
 * together. A share of the repository counts as the least budget: what it comes to is known later.
 * @param givenBack bytes of what the model takes the place of
 * @throws EngineError `out-of-memory` with the largest budget that fits, if any does
 */
export function refuseBeforeLoading(
  plan: Plan,
  { runtime, choice }: Pick<StartedRuntime, 'runtime' | 'choice'>,
  givenBack: number,
): void {
  const { metadata, parameters } = plan;
  const { trainedContext, fileBytes, name } = metadata;
  const working = workingSet(parameters.workingTokens ?? null, trainedContext);
  const contextLimit = trainedContext - working.rows;
  if (contextLimit < minimumBudgetTokens) return;
  const shape = shapeOf(plan, false);
  const chunkTokens = chunkTokensFor(trainedContext);
  const needed = (tokens: number): number =>
    fileBytes +
    memoryBytes(shape, tokens, working.total) +
    computeBytes(metadata, chunkTokens, tokens);
  const { budget } = parameters;
  const wanted = budget.unit === 'percent' ? 0 : budgetTokens(budget, shape, 0);
  const most = Math.min(contextLimit, Math.max(minimumBudgetTokens, streamLimit(plan)));
  const tokens = Math.min(most, Math.max(minimumBudgetTokens, wanted));
  const gpus = choice.gpu === 'cpu' ? [] : runtime.devices().filter(isGpu);
  const free = gpus.reduce((sum, device) => sum + device.freeBytes, availableMainMemory());
  if (needed(tokens) <= free + givenBack) return;
  const fits = largestThatFits(needed, free + givenBack, tokens);
  throw new EngineError(
    'out-of-memory',
    `${name} with a budget of ${counted(tokens, 'token')} needs ${byteSize(needed(tokens))} of memory, but only ${byteSize(free + givenBack)} are free. ${
      fits >= minimumBudgetTokens
        ? `Use a budget of at most ${counted(fits, 'token')}.`
        : 'Close other programs or choose a smaller model.'
    }`,
  );
}
