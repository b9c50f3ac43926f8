/** An answer to a question, and what it rests on. */

import { z } from 'zod';
import { amount, count, line, path, share } from './fields.ts';
import type { Immutable } from './message.ts';

/** Lines from one to another, both included. */
const lines = { fromLine: line, toLine: line };

const passageSchema = z.object({
  path,
  ...lines,
  /** The line that was looked for, between these two. */
  line,
  text: z.string(),
});
/** Lines of the repository that are shown as they are. */
export type Passage = Immutable<z.infer<typeof passageSchema>>;

const citationSchema = z.object({ path, line });
export type Citation = Immutable<z.infer<typeof citationSchema>>;

const mentionSchema = z.object({
  /** As it stands in the answer, to the letter: `src\\util.ts:4`, `dir/util.ts#L3`. */
  text: z.string().min(1),
  path,
  /** Both from 1, both included; null: the whole file. */
  fromLine: line.nullable(),
  toLine: line.nullable(),
});
/** A place that an answer names, resolved against the files that were read. */
export type Mention = Immutable<z.infer<typeof mentionSchema>>;

const recallSignalSchema = z.enum(['attention', 'identifiers', 'both', 'mention']);
export type RecallSignal = z.infer<typeof recallSignalSchema>;

const recalledSpanSchema = z.object({
  path,
  ...lines,
  tokens: count,
  signal: recallSignalSchema,
});

export const fileAttentionSchema = z.object({
  path,
  /** Of the attention that this question paid to files because of what it asks, in [0, 1]. */
  share,
});
/** How much of a question's attention went to one file. */
export type FileAttention = Immutable<z.infer<typeof fileAttentionSchema>>;

/** At most so many files are listed by attention. */
export const mostAttended = 20;

export const answerSchema = z.object({
  question: z.string(),
  /** `passages`: the model wrote nothing; `answer` is one sentence about the passages. */
  kind: z.enum(['text', 'passages']),
  answer: z.string(),
  /** Best first; empty where the model wrote the answer. */
  passages: z.array(passageSchema),
  citations: z.array(citationSchema),
  mentions: z.array(mentionSchema),
  /** Names of the question that occur nowhere in what was read. */
  unknownNames: z.array(z.string()),
  recalled: z.array(recalledSpanSchema),
  /** Recalled tokens over the tail's capacity, in [0, 1]. */
  recalledShare: share,
  /** What the answer could attend to: the recalled text alone, or the held memory as well. */
  attended: z.enum(['memory', 'recalled', 'memory+recalled']),
  /** The files that the question attended to most, the first most; absent where it was not observed. */
  attention: z.array(fileAttentionSchema).max(mostAttended).exactOptional(),
  promptTokens: count,
  /** How many of those were computed for an earlier answer and still stood in the tail. */
  reusedTokens: count,
  /** How many turns before it could be followed up on, and how many of these, the newest, were seen. */
  earlierTurns: count,
  seenTurns: count,
  outputTokens: count,
  /**
   * What the model wrote for itself before the answer; absent: nothing. `cut`: it was ended, being too
   * long or repeating itself.
   */
  reasoning: z.object({ text: z.string(), tokens: count, cut: z.boolean() }).exactOptional(),
  firstTokenMs: amount,
  tokensPerSecond: amount,
  /** `repetition`: it had begun to repeat itself; of the repetitions only the first are left. */
  stopReason: z.enum(['end', 'length', 'repetition', 'cancelled']),
  /** Sentences for the user, e.g. that a recalled file has changed since it was read. */
  notices: z.array(z.string()),
});
export type Answer = Immutable<z.infer<typeof answerSchema>>;
