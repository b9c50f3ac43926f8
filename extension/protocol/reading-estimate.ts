/** What a reading would take. */

import { z } from 'zod';
import { amount } from './fields.ts';
import { folderWeightSchema } from './folder-weights.ts';
import type { Immutable } from './message.ts';

export const readingEstimateSchema = z.object({
  tokens: amount,
  /** null where this model has not read anything on this device yet. */
  seconds: amount.nullable(),
  /** The largest folders, the largest first. */
  folders: z.array(folderWeightSchema),
});
export type ReadingEstimate = Immutable<z.infer<typeof readingEstimateSchema>>;
