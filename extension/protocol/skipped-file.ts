/** Files of a repository that are not read. */

import { z } from 'zod';
import { path } from './fields.ts';
import type { Immutable } from './message.ts';

const skipReasonSchema = z.enum([
  'ignored',
  'excluded',
  'secret',
  'binary',
  'generated',
  'too-large',
  'unreadable',
  'disappeared',
]);
export type SkipReason = z.infer<typeof skipReasonSchema>;

export const skippedFileSchema = z.object({
  path,
  reason: skipReasonSchema,
  /** What was found, to follow the file's name: "holds a private key". */
  detail: z.string().exactOptional(),
});
export type SkippedFile = Immutable<z.infer<typeof skippedFileSchema>>;
