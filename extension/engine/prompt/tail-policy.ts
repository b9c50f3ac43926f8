/** What goes into a tail, and what it may attend to. */

import type { Answer } from '../../protocol/answer.ts';
import { EngineError } from '../core/errors.ts';

/** More recalled text takes longer to compute than it helps. */
const mostRecalled = 512;

/** Tokens that an answer has room for at least. */
const minimumAnswerTokens = 32;

/**
 * What an answer may attend to. With recalled text it is that text alone: it is exact, it holds the
 * question's lines, and a short prompt in the form that the model was trained on is answered best.
 * Measured with the bundled model on 60 questions about 11,815 tokens at a budget of 20 %: 53 right
 * from the recalled text alone, 31 where the memory was attended to as well, at four times the time.
 * Without any recalled text it is the memory.
 */
export function attended(recalledSpans: number): Answer['attended'] {
  return recalledSpans > 0 ? 'recalled' : 'memory';
}

export interface TailRequest {
  readonly capacity: number;
  readonly questionTokens: number;
  /** What opens a prompt of recalled text. */
  readonly prefixTokens: number;
  /** What the caller wants the answer to have at most. */
  readonly maxTokens: number;
  readonly recalls: boolean;
}

export interface TailShares {
  readonly answerTokens: number;
  readonly recallTokens: number;
}

/** The least of the tail that a question can do with: itself, and the shortest answer. */
export function leastTail(request: Omit<TailRequest, 'capacity'>): number {
  const { questionTokens, prefixTokens, maxTokens, recalls } = request;
  return questionTokens + (recalls ? prefixTokens : 0) + Math.min(maxTokens, minimumAnswerTokens);
}

/**
 * Shares out the tail: the question in full, then the answer, and what is left to recalled text.
 * While there is text to recall the answer is kept to half of what the question leaves.
 * @throws EngineError `question-too-long`
 */
export function shareTail(request: TailRequest): TailShares {
  const { capacity, questionTokens, maxTokens, recalls } = request;
  const room = capacity - questionTokens - (recalls ? request.prefixTokens : 0);
  const least = Math.min(maxTokens, minimumAnswerTokens);
  if (room < least) {
    throw new EngineError(
      'question-too-long',
      `The question has ${String(questionTokens)} tokens, but the answer needs ${String(capacity - room - questionTokens + least)} of the ${String(capacity)} tokens that both share. Ask a shorter question.`,
    );
  }
  if (!recalls) return { answerTokens: Math.min(maxTokens, room), recallTokens: 0 };
  const answerTokens = Math.min(maxTokens, Math.max(least, Math.floor(room / 2)));
  return { answerTokens, recallTokens: Math.min(mostRecalled, room - answerTokens) };
}

/** The most that a completion's prompt takes before and after the cursor, in tokens. */
const maximumPrefix = 512;
const maximumSuffix = 128;

/**
 * Shares out the tail for a completion: half of it for the prompt, three quarters of that before
 * the cursor.
 */
export function shareCompletion(
  capacity: number,
  overhead: number,
): { readonly prefixTokens: number; readonly suffixTokens: number } {
  const room = Math.max(0, Math.floor(capacity / 2) - overhead);
  const suffixTokens = Math.min(maximumSuffix, Math.floor(room / 4));
  return { prefixTokens: Math.min(maximumPrefix, room - suffixTokens), suffixTokens };
}
