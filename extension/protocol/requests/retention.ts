/** Which tokens are held. */

import { z } from 'zod';
import { amount, path, share } from '../fields.ts';
import { fileShareSchema } from '../file-share.ts';
import type { Immutable, RequestType } from '../message.ts';

const retentionParametersSchema = z.object({
  /** null: every file, without lines. */
  path: path.nullable(),
  /** Whether the lines of every file are wanted, in one reply. */
  everyLine: z.boolean().optional(),
  /** False leaves out what each head holds, which takes longest. */
  heads: z.boolean().optional(),
});
export type RetentionParameters = Immutable<z.infer<typeof retentionParametersSchema>>;

const retentionSchema = z.object({
  files: z.array(fileShareSchema),
  /** Share held per line of `path`; empty without one. */
  lines: z.array(share),
  /** The lines of each of `files`, in their order; only where every line was asked for. */
  fileLines: z.array(z.array(share)).optional(),
  /** Tokens held per KV head: [layer][head]; empty where they were not wanted. */
  heads: z.array(z.array(amount)),
});
export type Retention = Immutable<z.infer<typeof retentionSchema>>;

/** Tells which tokens are held, by file, line and head. */
export const retentionRequest: RequestType<RetentionParameters, Retention> = {
  method: 'loci/retention',
  parameters: retentionParametersSchema,
  result: retentionSchema,
};
