/** What fits this machine with a model: where its weights go, and the largest budget beside them. */

import { curatedModels } from '../../models/curated.ts';
import { memoryBytes } from '../../models/estimate.ts';
import type { ModelMetadata } from '../../models/validate.ts';
import type { DeviceReport } from '../../protocol/requests/devices.ts';
import type { InspectModelParameters } from '../../protocol/requests/inspect-model.ts';
import type {
  ModelFit,
  ProposedModelsParameters,
} from '../../protocol/requests/proposed-models.ts';
import { minimumBudgetTokens } from '../memory/budget.ts';
import { chunkTokensFor } from '../memory/chunk-tokens.ts';
import { workingSet } from '../memory/working-set.ts';
import { availableMainMemory, computeBytes } from '../native/free-memory.ts';

type Place = Pick<InspectModelParameters, 'gpu' | 'kvType'>;
type Devices = () => Promise<readonly DeviceReport[]>;
type Sized = Pick<
  ModelMetadata,
  'table' | 'trainedContext' | 'fileBytes' | 'embedding' | 'vocabulary' | 'stateBytes'
>;

interface Fit {
  /** null: nowhere. */
  readonly fits: 'gpu' | 'cpu' | null;
  /** Free there, or in main memory where it fits nowhere. */
  readonly freeBytes: number;
  readonly largestBudgetTokens: number;
}

/**
 * Estimates where a model fits.
 * @param devices those of this machine; not asked where the user wants the processor
 */
export async function fitOf(model: Sized, { gpu, kvType }: Place, devices: Devices): Promise<Fit> {
  const { table, trainedContext, fileBytes } = model;
  const chunkTokens = chunkTokensFor(trainedContext);
  const working = workingSet(null, trainedContext);
  const shape = { table, kvType } as const;
  const needed = (tokens: number): number =>
    fileBytes +
    memoryBytes(shape, tokens, working.total) +
    computeBytes(model, chunkTokens, tokens);
  const gpuBytes =
    gpu === 'cpu'
      ? 0
      : (await devices())
          .filter(({ kind }) => kind === 'gpu' || kind === 'integrated-gpu')
          .reduce((sum, device) => sum + device.freeBytes, 0);
  const mainBytes = availableMainMemory();
  const least = needed(minimumBudgetTokens);
  const fits = least <= gpuBytes ? 'gpu' : least <= mainBytes ? 'cpu' : null;
  const freeBytes = fits === 'gpu' ? gpuBytes : mainBytes;
  const limit = trainedContext - working.rows;
  return {
    fits,
    freeBytes: Math.floor(freeBytes),
    largestBudgetTokens: fits === null ? 0 : largestThatFits(needed, freeBytes, limit),
  };
}

/** Estimates the models of the list, in its order. */
export async function fitProposed(
  place: ProposedModelsParameters,
  devices: Devices,
): Promise<ModelFit[]> {
  const present = place.gpu === 'cpu' ? [] : await devices();
  return Promise.all(
    curatedModels.map(async (model) => {
      const sized = { ...model, fileBytes: model.bytes, stateBytes: 0 };
      const { fits, largestBudgetTokens } = await fitOf(sized, place, () =>
        Promise.resolve(present),
      );
      return { name: model.name, fits, largestBudgetTokens };
    }),
  );
}

/** The most tokens up to a limit whose needs fit; the needs grow with the tokens. */
export function largestThatFits(
  needed: (tokens: number) => number,
  freeBytes: number,
  limit: number,
): number {
  let fitting = 0;
  let failing = limit + 1;
  while (failing - fitting > 1) {
    const middle = Math.floor((fitting + failing) / 2);
    if (needed(middle) <= freeBytes) fitting = middle;
    else failing = middle;
  }
  return fitting;
}
