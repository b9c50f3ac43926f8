/** How much of the working set a question takes. */

import { z } from 'zod';
import { count, question } from '../fields.ts';
import type { Immutable, RequestType } from '../message.ts';
import { openDocumentSchema, mostDocuments } from './ask.ts';

const weighQuestionParametersSchema = z.object({
  question,
  /** As in `askRequest`. */
  documents: z.array(openDocumentSchema).max(mostDocuments).optional(),
});
export type WeighQuestionParameters = Immutable<z.infer<typeof weighQuestionParametersSchema>>;

export const questionWeightSchema = z.object({
  questionTokens: count,
  /** What is read again because the question names it. */
  mentionedTokens: count,
  /** What question, text and answer share. */
  capacityTokens: count,
  /** Sentences on what does not fit. */
  notices: z.array(z.string()),
});
export type QuestionWeight = Immutable<z.infer<typeof questionWeightSchema>>;

/** Counts a question's tokens and those of what it names, as the next question would take them. */
export const weighQuestionRequest: RequestType<WeighQuestionParameters, QuestionWeight> = {
  method: 'loci/weighQuestion',
  parameters: weighQuestionParametersSchema,
  result: questionWeightSchema,
};
