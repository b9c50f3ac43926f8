/** How much of one file each layer and head holds. */

import { z } from 'zod';
import { count, path, share } from '../fields.ts';
import type { Immutable, RequestType } from '../message.ts';

const fileRetentionParametersSchema = z.object({ path });
export type FileRetentionParameters = Immutable<z.infer<typeof fileRetentionParametersSchema>>;

export const fileRetentionSchema = z.object({
  path,
  /** Of the file, its header included. */
  tokens: count,
  /** Share in [0, 1] of these tokens that each KV head holds: [layer][head]. */
  heads: z.array(z.array(share)),
});
export type FileRetention = Immutable<z.infer<typeof fileRetentionSchema>>;

/** Tells which layers and heads hold how much of a file. */
export const fileRetentionRequest: RequestType<FileRetentionParameters, FileRetention> = {
  method: 'loci/fileRetention',
  parameters: fileRetentionParametersSchema,
  result: fileRetentionSchema,
};
