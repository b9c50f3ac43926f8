/** How well a memory answers questions about the code itself. */

import { z } from 'zod';
import { amount } from '../fields.ts';
import type { Immutable, RequestType } from '../message.ts';
import { probeSchema, questionFormSchema } from './probes.ts';

/** Questions of one request: between two requests others have their turn. */
export const mostProbesPerRequest = 16;

const scoreParametersSchema = z.object({
  probes: z.array(probeSchema).min(1).max(mostProbesPerRequest),
  form: questionFormSchema,
  /** Whether the memory may be attended to; without it the question stands alone. */
  attendMemory: z.boolean(),
});
export type ScoreParameters = Immutable<z.infer<typeof scoreParametersSchema>>;

const probeScoreSchema = z.object({
  /** Whether each expected token was the likeliest one. */
  exact: z.boolean(),
  /** Of all expected tokens together, in nats. */
  negativeLogLikelihood: amount,
  tokens: z.number().int().positive(),
});
export type ProbeScore = Immutable<z.infer<typeof probeScoreSchema>>;

/** How well the memory continues such lines. */
export const scoreRequest: RequestType<ScoreParameters, readonly ProbeScore[]> = {
  method: 'loci/score',
  parameters: scoreParametersSchema,
  result: z.array(probeScoreSchema),
};
