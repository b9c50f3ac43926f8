/** Keeping a memory on disk. */

import { z } from 'zod';
import { count, path } from './fields.ts';
import type { Immutable } from './message.ts';

export const keepSchema = z.object({
  /** The folder that memories are kept in; made where it is missing. */
  folder: path,
  /** Whether a memory that is kept there may take the place of reading. */
  restore: z.boolean(),
  /** Bytes that the folder's memories may take together; the oldest go first. Absent: no limit. */
  limitBytes: count.optional(),
});
/** Where a memory is kept, and what for. */
export type Keep = Immutable<z.infer<typeof keepSchema>>;
