/** What a reading would take. */

import { z } from 'zod';
import { folderWeightSchema } from './folder-weights.ts';

export const readingEstimateSchema = z.object({
  tokens: z.number().nonnegative(),
  /** null where this model has not read anything on this device yet. */
  seconds: z.number().nonnegative().nullable(),
  /** The largest folders, the largest first. */
  folders: z.array(folderWeightSchema),
});
export type ReadingEstimate = z.infer<typeof readingEstimateSchema>;
