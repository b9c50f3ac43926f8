/** Asking a question. */

import { z } from 'zod';
import { answerSchema } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { path, question, seed } from '../fields.ts';
import type { Immutable, RequestType } from '../message.ts';

export const recallModeSchema = z.enum(['both', 'attention', 'identifiers', 'off']);
export type RecallMode = z.infer<typeof recallModeSchema>;

const answerModeSchema = z.enum(['reliable', 'always', 'passages']);
/**
 * Which questions the model writes an answer to. `reliable`: with the bundled model, only those that
 * it is known to answer; the others are answered with passages. `always`: all of them. `passages`:
 * none, and nothing is computed.
 */
export type AnswerMode = z.infer<typeof answerModeSchema>;

/** A question of the same conversation and what was answered to it. */
const pastTurnSchema = z.object({ question: z.string(), answer: z.string() });
export type PastTurn = Immutable<z.infer<typeof pastTurnSchema>>;

/** The longest answer of the chat. */
export const longestAnswerTokens = 1024;

/** Documents that one question may come with, and the longest of them in UTF-16 units. */
export const mostDocuments = 20;
export const longestDocument = 256 * 1024;

export const openDocumentSchema = z.object({ path, text: z.string().max(longestDocument) });
/** A document that an editor shows and that is not saved, by the path of its file. */
export type OpenDocument = Immutable<z.infer<typeof openDocumentSchema>>;

const askParametersSchema = z.object({
  question,
  recall: recallModeSchema,
  maxTokens: z.number().int().positive(),
  seed,
  temperature: z.number().nonnegative().max(10),
  /** Absent: `reliable`. */
  mode: answerModeSchema.optional(),
  /** What was said before, the oldest first; absent: a new conversation. */
  history: z.array(pastTurnSchema).max(100).optional(),
  /** Read in place of what is on disk; absent: nothing is open and unsaved. */
  documents: z.array(openDocumentSchema).max(mostDocuments).optional(),
});
export type AskParameters = Immutable<z.infer<typeof askParametersSchema>>;

const askRequestParametersSchema = askParametersSchema.extend({ answerId: z.number().int() });
/** A question, and the number under which its text is streamed: see `answerTextNotification`. */
export type AskRequestParameters = Immutable<z.infer<typeof askRequestParametersSchema>>;

/** Answers one question. Cancelled while answering it succeeds with what was written so far. */
export const askRequest: RequestType<AskRequestParameters, Answer> = {
  method: 'loci/ask',
  parameters: askRequestParametersSchema,
  result: answerSchema,
};
