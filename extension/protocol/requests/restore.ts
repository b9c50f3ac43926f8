/** Bringing a kept memory back, and keeping one at once. */

import { z } from 'zod';
import type { NoParameters, RequestType } from '../message.ts';
import { noParametersSchema } from '../message.ts';
import { openParametersSchema, openResultSchema } from './open.ts';
import type { OpenParameters, OpenResult } from './open.ts';

/**
 * Takes the memory that is kept for these parameters, and reads nothing. Null where none is kept, or
 * none can be used: the result of the next reading says why.
 */
export const restoreRequest: RequestType<OpenParameters, OpenResult | null> = {
  method: 'loci/restore',
  parameters: openParametersSchema,
  result: openResultSchema.nullable(),
};

/** Keeps what is held at once rather than when the engine is idle; says whether it is on disk. */
export const keepRequest: RequestType<NoParameters, { readonly kept: boolean }> = {
  method: 'loci/keep',
  parameters: noParametersSchema,
  result: z.object({ kept: z.boolean() }),
};
