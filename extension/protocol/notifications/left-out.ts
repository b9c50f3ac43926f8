/** What the user leaves out by now; to the engine. */

import type { NotificationType } from '../message.ts';
import { statedPatternsSchema } from '../stated-patterns.ts';
import type { StatedPatterns } from '../stated-patterns.ts';

/**
 * A reading that is under way, or continued, reads no file from now on that these match. What it has read of
 * them is forgotten by following, once it has ended.
 */
export const leftOutNotification: NotificationType<StatedPatterns> = {
  method: 'loci/leftOut',
  parameters: statedPatternsSchema,
};
