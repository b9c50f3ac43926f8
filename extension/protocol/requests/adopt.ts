/** Taking other settings without reading. */

import { z } from 'zod';
import { count } from '../fields.ts';
import type { Immutable, RequestType } from '../message.ts';
import { openParametersSchema, openResultSchema } from './open.ts';
import type { OpenParameters } from './open.ts';

const growthSchema = z.object({
  /** What the larger budget is here, and its bytes with those that reading works with. */
  tokens: count,
  bytes: count,
  /** Whether that is free beside the memory, so that it answers until the new one is complete. */
  fits: z.boolean(),
});
/** A larger budget, which only a reading fills. */
export type Growth = Immutable<z.infer<typeof growthSchema>>;

const adoptionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('taken'), result: openResultSchema }),
  /** `growth` is null where more than the budget is another. */
  z.object({ kind: z.literal('reading'), growth: growthSchema.nullable() }),
]);
/** Whether the settings are those of the memory now, or a reading has to follow. */
export type Adoption = Immutable<z.infer<typeof adoptionSchema>>;

/**
 * Takes other parameters for the memory that is held. Nothing is read: a smaller budget evicts at once,
 * between two requests, and what needs a reading leaves the memory as it is.
 */
export const adoptRequest: RequestType<OpenParameters, Adoption> = {
  method: 'loci/adopt',
  parameters: openParametersSchema,
  result: adoptionSchema,
};
