/** Decides what goes into a tail and what it attends to. */

import type { Answer } from '../../protocol/answer.ts';
import { EngineError } from '../core/errors.ts';

/** More recalled text costs more time than it helps. */
const mostRecalled = 512;

/** The least room for an answer, in tokens. */
const minimumAnswerTokens = 32;

/**
 * Returns what an answer attends to. If there is recalled text, only that: it is exact, contains
 * the relevant lines, and a short prompt in the format of the training is answered best. Measured
 * with the bundled model on 60 questions about 11,815 tokens at a budget of 20 %: 53 correct from
 * only the recalled text; 31 with the memory too, in four times the time. Without recalled text,
 * the answer attends to the memory.
 */
export function attended(recalledSpans: number): Answer['attended'] {
  return recalledSpans > 0 ? 'recalled' : 'memory';
}

export interface TailRequest {
  readonly capacity: number;
  readonly questionTokens: number;
  /** The tokens that start a prompt of recalled text. */
  readonly prefixTokens: number;
  /** The caller's limit for the answer. */
  readonly maxTokens: number;
  readonly recalls: boolean;
}

export interface TailShares {
  readonly answerTokens: number;
  readonly recallTokens: number;
}

/** Returns the least tail for a question: the question and the shortest answer. */
export function leastTail(request: Omit<TailRequest, 'capacity'>): number {
  const { questionTokens, prefixTokens, maxTokens, recalls } = request;
  return questionTokens + (recalls ? prefixTokens : 0) + Math.min(maxTokens, minimumAnswerTokens);
}

/**
 * Divides the tail: the whole question, then the answer, and the rest for recalled text. If there
 * is text to recall, the answer gets at most half of what the question leaves.
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

/** Returns the room for what a question names to be read again: half of what the question leaves. */
export function mentionRoom(request: TailRequest): number {
  const { capacity, questionTokens, prefixTokens, maxTokens } = request;
  const room = Math.max(0, capacity - questionTokens - prefixTokens);
  return Math.max(0, room - Math.min(maxTokens, Math.floor(room / 2)));
}

/** The most tokens of a completion's prompt before and after the cursor. */
const maximumPrefix = 512;
const maximumSuffix = 128;

/**
 * Divides the tail for a completion: half for the prompt, of which three quarters are for the text
 * before the cursor.
 */
export function shareCompletion(
  capacity: number,
  overhead: number,
): { readonly prefixTokens: number; readonly suffixTokens: number } {
  const room = Math.max(0, Math.floor(capacity / 2) - overhead);
  const suffixTokens = Math.min(maximumSuffix, Math.floor(room / 4));
  return { prefixTokens: Math.min(maximumPrefix, room - suffixTokens), suffixTokens };
}
