/** What a model file is, and what this machine can do with it. */

import { z } from 'zod';
import { count, path } from '../fields.ts';
import { gpuSchema } from '../gpu.ts';
import type { Immutable, RequestType } from '../message.ts';
import { kvTypeSchema } from '../policies.ts';

const inspectModelParametersSchema = z.object({
  /** Absolute; null: the bundled model. */
  path: path.nullable(),
  kvType: kvTypeSchema,
  gpu: gpuSchema,
});
export type InspectModelParameters = Immutable<z.infer<typeof inspectModelParametersSchema>>;

const modelDescriptionSchema = z.object({
  /** The file, or the first of a split model's files; absolute. */
  path,
  name: z.string(),
  architecture: z.string(),
  /** Whether Loci knows the architecture; another one is checked against llama.cpp first. */
  known: z.boolean(),
  bundled: z.boolean(),
  /** Of all files together. */
  fileBytes: count,
  /** Weights; null where the header does not say. */
  parameters: count.nullable(),
  /** Tokens of the context that it was trained for. */
  trainedContext: count,
  /** Whether it was trained to fill in the middle: what completions in the middle of a line need. */
  fillsInMiddle: z.boolean(),
  /** Keys and values of 1,000 tokens. */
  bytesPerThousandTokens: count,
  /** Where the weights fit with a budget beside them; null: nowhere on this machine. */
  fits: z.enum(['gpu', 'cpu']).nullable(),
  /** Free there, or in main memory where it fits nowhere. */
  freeBytes: count,
  /** The largest budget: what the free memory holds, and no more than the context allows. */
  largestBudgetTokens: count,
});
export type ModelDescription = Immutable<z.infer<typeof modelDescriptionSchema>>;

const modelInspectionSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), model: modelDescriptionSchema }),
  /** One sentence for the user. */
  z.object({ ok: z.literal(false), message: z.string() }),
]);
export type ModelInspection = Immutable<z.infer<typeof modelInspectionSchema>>;

/** Validates and describes a model file; loads nothing. */
export const inspectModelRequest: RequestType<InspectModelParameters, ModelInspection> = {
  method: 'loci/inspectModel',
  parameters: inspectModelParametersSchema,
  result: modelInspectionSchema,
};
