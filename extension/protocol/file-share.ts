/** How much of a file the memory holds. */

import { z } from 'zod';
import { count, path, share } from './fields.ts';
import type { Immutable } from './message.ts';

export const fileShareSchema = z.object({
  /** Relative to its root, with forward slashes. */
  path,
  tokens: count,
  /** Share in [0, 1] of the file's (token, layer, head) entries that are held. */
  kept: share,
  /** Lines of its text; absent where they were not counted. */
  lineCount: count.exactOptional(),
  /** Whether the user pinned it. */
  pinned: z.boolean().exactOptional(),
});
export type FileShare = Immutable<z.infer<typeof fileShareSchema>>;
