/** How far the engine is. */

import { z } from 'zod';
import { amount, count } from '../fields.ts';
import type { Immutable, NotificationType } from '../message.ts';

const phaseSchema = z.enum([
  'loading',
  'listing',
  'measuring',
  'reading',
  'following',
  'refining',
  'answering',
]);
/**
 * `measuring`: what each layer of the model needs, once per model; `following`: files that have changed
 * since they were read.
 */
export type Phase = z.infer<typeof phaseSchema>;

export const progressSchema = z.object({
  phase: phaseSchema,
  files: count,
  totalFiles: count,
  tokens: count,
  totalTokens: count,
  tokensPerSecond: amount,
  /** null while unknown. */
  etaSeconds: amount.nullable(),
  heldTokens: amount,
  budgetTokens: count,
});
export type Progress = Immutable<z.infer<typeof progressSchema>>;

export const progressNotification: NotificationType<Progress> = {
  method: 'loci/progress',
  parameters: progressSchema,
};
