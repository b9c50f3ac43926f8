/** Looking at model files before one is loaded: what is on this machine, and what a file would take. */

import { RequestType } from 'vscode-jsonrpc';
import { z } from 'zod';
import type { EngineErrorData, Gpu } from './engine.ts';
import type { KvType } from './policies.ts';
import { gpuSchema, kvTypeSchema } from './schemas.ts';

const count = z.number().int().nonnegative();

const modelDescriptionSchema = z.object({
  /** The file, or the first of a split model's files; absolute. */
  path: z.string().min(1),
  name: z.string(),
  architecture: z.string(),
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
/** What a model is, and what this machine can do with it. */
export type ModelDescription = Readonly<z.infer<typeof modelDescriptionSchema>>;

export const modelInspectionSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), model: modelDescriptionSchema }),
  /** One sentence for the user. */
  z.object({ ok: z.literal(false), message: z.string() }),
]);
export type ModelInspection = Readonly<z.infer<typeof modelInspectionSchema>>;

export interface InspectModelParameters {
  /** Absolute; null: the bundled model. */
  readonly path: string | null;
  readonly kvType: KvType;
  readonly gpu: Gpu;
}

export const inspectModelParametersSchema: z.ZodType<InspectModelParameters> = z.object({
  path: z.string().min(1).nullable(),
  kvType: kvTypeSchema,
  gpu: gpuSchema,
});

const foundModelSchema = z.object({
  path: z.string().min(1),
  /** As its program names it, or the file's name. */
  name: z.string(),
  /** The program whose folder it lies in. */
  source: z.string(),
  bytes: count,
});
/** A model file that lies where programs of this kind keep theirs. */
export type FoundModel = Readonly<z.infer<typeof foundModelSchema>>;
export const foundModelsSchema = z.array(foundModelSchema);

/** Validates and describes a model file; loads nothing. */
export const inspectModelRequest = new RequestType<
  InspectModelParameters,
  ModelInspection,
  EngineErrorData
>('loci/inspectModel');

/** Looks for model files in the usual folders. */
export const findModelsRequest = new RequestType<
  Record<string, never>,
  readonly FoundModel[],
  EngineErrorData
>('loci/findModels');
