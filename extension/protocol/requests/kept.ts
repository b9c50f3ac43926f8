/** The memories that a folder keeps: listing and deleting them. */

import { z } from 'zod';
import { amount, count, path } from '../fields.ts';
import type { Immutable, RequestType } from '../message.ts';

const keptIdSchema = z.object({
  /** Which folders it is of. */
  key: z.string().regex(/^[0-9a-f]{32}$/u),
  /** Its generation. */
  number: count.positive(),
});

const keptMemorySchema = z.object({
  id: keptIdSchema,
  /** On disk. */
  bytes: count,
  /** Milliseconds since 1970. */
  savedAt: amount,
  /** The folders that were read; none where it is damaged. */
  roots: z.array(path),
  /** The model's name; null where it is damaged. */
  model: z.string().nullable(),
  /** That were read. */
  tokens: count,
});
/** One memory on disk. */
export type KeptMemory = Immutable<z.infer<typeof keptMemorySchema>>;

const keptParametersSchema = z.object({ folder: path });
export type KeptParameters = Immutable<z.infer<typeof keptParametersSchema>>;

/** What is kept, the newest first. */
export const keptRequest: RequestType<KeptParameters, KeptMemory[]> = {
  method: 'loci/kept',
  parameters: keptParametersSchema,
  result: z.array(keptMemorySchema),
};

const deleteKeptParametersSchema = z.object({ folder: path, ids: z.array(keptIdSchema) });
export type DeleteKeptParameters = Immutable<z.infer<typeof deleteKeptParametersSchema>>;

/** Deletes what is named; what is not there any more is none the worse. */
export const deleteKeptRequest: RequestType<DeleteKeptParameters, { readonly deleted: number }> = {
  method: 'loci/deleteKept',
  parameters: deleteKeptParametersSchema,
  result: z.object({ deleted: count }),
};
