/** Reading a repository again for a better memory. */

import { z } from 'zod';
import type { Immutable, RequestType } from '../message.ts';
import { refinePolicyNames } from '../policies.ts';
import { openResultSchema } from './open.ts';
import type { OpenResult } from './open.ts';

const refineParametersSchema = z.object({ policy: z.enum(refinePolicyNames) });
/** What a memory is read again with, once it has been read. */
export type RefineParameters = Immutable<z.infer<typeof refineParametersSchema>>;

/**
 * Reads the repository again with a policy that reconstructs, into a second memory that takes the
 * place of the first when it is complete. More urgent requests go first and are answered from the
 * first. Cancelled it keeps what it has read, and the next request goes on from there.
 */
export const refineRequest: RequestType<RefineParameters, OpenResult> = {
  method: 'loci/refine',
  parameters: refineParametersSchema,
  result: openResultSchema,
};
