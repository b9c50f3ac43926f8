/** How large a repository is, from its files' sizes alone: nothing is loaded and no text is kept. */

import { z } from 'zod';
import { statedEncodingsSchema } from '../encodings.ts';
import { count } from '../fields.ts';
import { folderWeightSchema } from '../folder-weights.ts';
import type { Immutable, RequestType } from '../message.ts';
import { statedPatternsSchema } from '../stated-patterns.ts';

const measureRepositoryParametersSchema = z.object({
  roots: z.array(z.string()).min(1),
  /** As for opening. */
  encodings: statedEncodingsSchema.optional(),
  /** What the user leaves out; absent: nothing. */
  exclude: statedPatternsSchema.optional(),
});
export type MeasureRepositoryParameters = Immutable<
  z.infer<typeof measureRepositoryParametersSchema>
>;

const repositorySizeSchema = z.object({
  files: count,
  bytes: count,
  /** An estimate: see {@link bytesPerToken}. */
  tokens: count,
  /** The largest first, at most three. */
  folders: z.array(folderWeightSchema),
});
export type RepositorySize = Immutable<z.infer<typeof repositorySizeSchema>>;

/** Bytes of source text to a token, about, whatever the model. */
export const bytesPerToken = 3.5;

/** Lists the files that would be read. Progress is told as the phase `listing`. */
export const measureRepositoryRequest: RequestType<MeasureRepositoryParameters, RepositorySize> = {
  method: 'loci/measureRepository',
  parameters: measureRepositoryParametersSchema,
  result: repositorySizeSchema,
};
