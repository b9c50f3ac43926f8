/** Taking other settings without reading. */

import type { RequestType } from '../message.ts';
import { openParametersSchema, openResultSchema } from './open.ts';
import type { OpenParameters, OpenResult } from './open.ts';

/**
 * Takes other parameters that come to the memory that is held; null where they need a reading.
 * Nothing is read, and the memory stays as it is.
 */
export const adoptRequest: RequestType<OpenParameters, OpenResult | null> = {
  method: 'loci/adopt',
  parameters: openParametersSchema,
  result: openResultSchema.nullable(),
};
