/** What the engine is doing. */

import { z } from 'zod';
import { amount, count } from '../fields.ts';
import type { Immutable, NotificationType } from '../message.ts';
import { followedSchema } from '../requests/follow.ts';

const engineStatusSchema = z.enum([
  'empty',
  'opening',
  'refining',
  'following',
  'ready',
  'answering',
  'completing',
]);
export type EngineStatus = z.infer<typeof engineStatusSchema>;

const engineStateSchema = z.object({
  status: engineStatusSchema,
  /**
   * Which memory answers: each has a number of its own, so that another one, whole or being read, is
   * never taken for it. 0: none.
   */
  memory: count,
  /** Zero while nothing is read. */
  heldTokens: amount,
  budgetTokens: amount,
  /** What was done last to follow the files of this memory; null where nothing was. */
  followed: followedSchema.nullable(),
});
export type EngineState = Immutable<z.infer<typeof engineStateSchema>>;

export const stateNotification: NotificationType<EngineState> = {
  method: 'loci/stateChanged',
  parameters: engineStateSchema,
};
