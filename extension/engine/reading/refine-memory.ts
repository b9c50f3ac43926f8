/** A second reading in place of the first. */

import type { OpenResult } from '../../protocol/requests/open.ts';
import { notOpen } from './held-memory.ts';
import type { HeldMemory } from './held-memory.ts';
import { describeOpening } from './opening.ts';
import { nothingToRefine } from './refine.ts';
import type { Refiner, RefineRequest } from './refine.ts';

export interface RefineMemoryRequest extends Pick<
  RefineRequest,
  'parameters' | 'turn' | 'onProgress'
> {
  readonly held: HeldMemory;
  readonly refiner: Refiner;
}

/**
 * Refines what is held; where everything is held already it says so instead.
 * @throws EngineError `not-open`, `out-of-memory`, `cancelled`; what is held is as it was.
 */
export async function refineMemory(request: RefineMemoryRequest): Promise<OpenResult> {
  const { held, refiner, ...how } = request;
  const opened = held.opened().report;
  const { read } = held;
  if (read === null) throw notOpen();
  const { basis, outcome, suggestions } = read;
  if (outcome.reading.complete && opened.heldTokens >= outcome.repository.liveTokens) {
    const result = describeOpening(basis, outcome, suggestions);
    return { ...result, notices: [...result.notices, nothingToRefine] };
  }
  const refined = await refiner.run({ ...how, basis, opened });
  held.replace(refined);
  return describeOpening(basis, refined, suggestions);
}
