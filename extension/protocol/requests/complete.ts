/** Completing code at a cursor. */

import { z } from 'zod';
import { amount, count } from '../fields.ts';
import type { Immutable, RequestType } from '../message.ts';

const completeParametersSchema = z.object({
  path: z.string(),
  prefix: z.string(),
  suffix: z.string(),
  maxTokens: z.number().int().positive(),
});
export type CompleteParameters = Immutable<z.infer<typeof completeParametersSchema>>;

const completionSchema = z.object({
  text: z.string(),
  promptTokens: count,
  /** How many of those still stood in the tail from an earlier completion. */
  reusedTokens: count,
  outputTokens: count,
  totalMs: amount,
});
export type Completion = Immutable<z.infer<typeof completionSchema>>;

/** Completes at a cursor. A newer completion cancels the older ones. */
export const completeRequest: RequestType<CompleteParameters, Completion> = {
  method: 'loci/complete',
  parameters: completeParametersSchema,
  result: completionSchema,
};
