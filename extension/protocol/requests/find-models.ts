/** Which models are on this machine. */

import { z } from 'zod';
import { count, path } from '../fields.ts';
import { noParametersSchema } from '../message.ts';
import type { Immutable, NoParameters, RequestType } from '../message.ts';

const foundModelSchema = z.object({
  path,
  /** As its program names it, or the file's name. */
  name: z.string(),
  /** The program whose folder it lies in. */
  source: z.string(),
  bytes: count,
});
/** A model file that lies where programs of this kind keep theirs. */
export type FoundModel = Immutable<z.infer<typeof foundModelSchema>>;

/** Looks for model files in the usual folders. */
export const findModelsRequest: RequestType<NoParameters, readonly FoundModel[]> = {
  method: 'loci/findModels',
  parameters: noParametersSchema,
  result: z.array(foundModelSchema),
};
