/** A model file, looked at before it is loaded: what it is, and what fits this machine with it. */

import { bundledModelPath, isBundledModel } from '../../models/bundled.ts';
import { kvBytes, memoryBytes } from '../../models/estimate.ts';
import { validateModel } from '../../models/validate.ts';
import { countParameters, fillsInMiddle } from '../../models/weights.ts';
import type { DeviceReport } from '../../protocol/requests/devices.ts';
import type {
  InspectModelParameters,
  ModelInspection,
} from '../../protocol/requests/inspect-model.ts';
import { minimumBudgetTokens } from '../memory/budget.ts';
import { chunkTokensFor } from '../memory/chunk-tokens.ts';
import { workingSet } from '../memory/working-set.ts';
import { availableMainMemory, computeBytes } from '../native/free-memory.ts';

/**
 * Validates a model and describes it.
 * @param devices those of this machine; asked only for a sound model.
 */
export async function describeModel(
  { path, kvType, gpu }: InspectModelParameters,
  devices: () => Promise<readonly DeviceReport[]>,
): Promise<ModelInspection> {
  const validation = await validateModel(path ?? bundledModelPath());
  if (!validation.ok) return { ok: false, message: validation.message };
  const { model } = validation;
  const { table, trainedContext, fileBytes, files } = model;
  const chunkTokens = chunkTokensFor(trainedContext);
  const working = workingSet(null, trainedContext);
  const contextLimit = trainedContext - working.rows;
  if (contextLimit < minimumBudgetTokens) {
    return {
      ok: false,
      message: `${model.name} was trained for ${String(trainedContext)} tokens of context. Loci needs at least ${String(working.rows + minimumBudgetTokens)}.`,
    };
  }
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
  return {
    ok: true,
    model: {
      path: model.path,
      name: model.name,
      architecture: model.architecture,
      known: model.known,
      bundled: isBundledModel(model.path),
      fileBytes,
      parameters: await countParameters(files),
      trainedContext,
      fillsInMiddle: await fillsInMiddle(model.path),
      bytesPerThousandTokens: kvBytes(shape, 1_000),
      fits,
      freeBytes: Math.floor(freeBytes),
      largestBudgetTokens: fits === null ? 0 : largestThatFits(needed, freeBytes, contextLimit),
    },
  };
}

/** The most tokens up to a limit whose needs fit; the needs grow with the tokens. */
function largestThatFits(
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
