/** A model file, looked at before it is loaded: what it is, and what fits this machine with it. */

import { bundledModelPath, isBundledModel } from '../../models/bundled.ts';
import { kvBytes } from '../../models/estimate.ts';
import { validateModel } from '../../models/validate.ts';
import { countParameters } from '../../models/weights.ts';
import type { DeviceReport } from '../../protocol/requests/devices.ts';
import type {
  InspectModelParameters,
  ModelInspection,
} from '../../protocol/requests/inspect-model.ts';
import { minimumBudgetTokens } from '../memory/budget.ts';
import { workingSet } from '../memory/working-set.ts';
import { fitOf } from './fit.ts';

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
  const working = workingSet(null, trainedContext);
  const contextLimit = trainedContext - working.rows;
  if (contextLimit < minimumBudgetTokens) {
    return {
      ok: false,
      message: `${model.name} was trained for ${String(trainedContext)} tokens of context. Loci needs at least ${String(working.rows + minimumBudgetTokens)}.`,
    };
  }
  const fit = await fitOf(model, { kvType, gpu }, devices);
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
      fillsInMiddle: model.code.infill !== null,
      bytesPerThousandTokens: kvBytes({ table, kvType }, 1_000),
      ...fit,
    },
  };
}
