/** Reading the rest of a repository. */

import { noParametersSchema } from '../message.ts';
import type { NoParameters, RequestType } from '../message.ts';
import { openResultSchema } from './open.ts';
import type { OpenResult } from './open.ts';

/**
 * Reads what is left where a reading was stopped, into the same memory, with the settings
 * that it was begun with. The files are those that were listed then; each is read as it is now.
 * Cancelled it succeeds like that request, and can be continued again. Where the one file that was cut
 * off has changed since, it fails with `repository-changed`, and the memory stays.
 */
export const continueRequest: RequestType<NoParameters, OpenResult> = {
  method: 'loci/continue',
  parameters: noParametersSchema,
  result: openResultSchema,
};
