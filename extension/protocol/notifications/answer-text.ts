/** An answer as it is written. */

import { z } from 'zod';
import type { Immutable, NotificationType } from '../message.ts';

const answerTextSchema = z.object({
  answerId: z.number().int(),
  text: z.string(),
  /** With the first piece: names of the question that occur nowhere in what was read. */
  unknownNames: z.array(z.string()).optional(),
  /** More of what the model writes for itself, before the answer. */
  reasoning: z.string().optional(),
});
/** A piece of an answer: whole characters only. */
export type AnswerText = Immutable<z.infer<typeof answerTextSchema>>;

export const answerTextNotification: NotificationType<AnswerText> = {
  method: 'loci/answerText',
  parameters: answerTextSchema,
};
