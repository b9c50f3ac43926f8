/** Which of the models that Loci proposes for download fit this machine. */

import { z } from 'zod';
import { count } from '../fields.ts';
import { gpuSchema } from '../gpu.ts';
import type { Immutable, RequestType } from '../message.ts';
import { kvTypeSchema } from '../policies.ts';

const proposedModelsParametersSchema = z.object({ kvType: kvTypeSchema, gpu: gpuSchema });
export type ProposedModelsParameters = Immutable<z.infer<typeof proposedModelsParametersSchema>>;

const modelFitSchema = z.object({
  /** As the list of `models/curated.ts` names it. */
  name: z.string(),
  /** Where the weights fit with a budget beside them; null: nowhere on this machine. */
  fits: z.enum(['gpu', 'cpu']).nullable(),
  /** The largest budget: what the free memory holds, and no more than the context allows. */
  largestBudgetTokens: count,
});
/** An estimate before the model is there. */
export type ModelFit = Immutable<z.infer<typeof modelFitSchema>>;

/** Estimates the proposed models, in the order of their list; asks nothing of the network. */
export const proposedModelsRequest: RequestType<ProposedModelsParameters, readonly ModelFit[]> = {
  method: 'loci/proposedModels',
  parameters: proposedModelsParametersSchema,
  result: z.array(modelFitSchema),
};
