/** Turns what a model wrote into what is shown. */

import type { Answer } from '../../protocol/answer.ts';
import type { Generation } from '../generation/generate.ts';
import { withoutRepetition } from '../generation/repetition.ts';
import type { Repetition } from '../generation/repetition.ts';

/** An answer's text, and why it ends. */
export type Written = Omit<Generation, 'stopReason'> & Pick<Answer, 'stopReason'>;

/** Returns an answer that began to repeat itself, without the repetition. */
export function stopped(generation: Generation, repetition: Repetition): Written {
  const text = withoutRepetition(generation.text, repetition);
  return { ...generation, text, stopReason: 'repetition' };
}

/** Notices for an answer that did not fit the tail. */
export function lengthNotices({ evictedTokens, outputTokens }: Written): readonly string[] {
  if (evictedTokens === 0) return [];
  return [
    `This answer is ${String(outputTokens)} tokens long. The model could no longer see ${String(evictedTokens)} tokens from the middle while writing the end.`,
  ];
}

/** Notices for a conversation that did not fit the tail. @param seen the number of newest turns */
export function unseenNotices(seen: number, earlier: number): readonly string[] {
  if (seen >= earlier) return [];
  const turns = earlier === 1 ? 'earlier turn' : `${String(earlier)} earlier turns`;
  const missing = earlier === 1 ? 'it' : 'them';
  const which = seen === 0 ? 'did not see the' : `saw only the last ${String(seen)} of the`;
  return [
    `The conversation has become too long: for this answer, the model ${which} ${turns}. Name in your question what it must know of ${seen === 0 ? missing : 'the others'}.`,
  ];
}

/** Trims blank lines and spaces; keeps the indentation of the first of several lines. */
export function trimmed(text: string): string {
  const answer = text.trimEnd().replace(/^(?:[ \t]*\r?\n)+/, '');
  return answer.includes('\n') ? answer : answer.trimStart();
}
