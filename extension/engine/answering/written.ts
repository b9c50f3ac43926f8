/** What a model wrote, made into what is shown. */

import type { Answer } from '../../protocol/answer.ts';
import type { Generation } from '../generation/generate.ts';
import { withoutRepetition } from '../generation/repetition.ts';
import type { Repetition } from '../generation/repetition.ts';

/** An answer's text, and why it ends. */
export type Written = Omit<Generation, 'stopReason'> & Pick<Answer, 'stopReason'>;

/** An answer that began to repeat itself. */
export function stopped(generation: Generation, repetition: Repetition): Written {
  const text = withoutRepetition(generation.text, repetition);
  return { ...generation, text, stopReason: 'repetition' };
}

/** What became of an answer that the tail does not hold. */
export function lengthNotices({ evictedTokens, outputTokens }: Written): readonly string[] {
  if (evictedTokens === 0) return [];
  return [
    `This answer is ${String(outputTokens)} tokens long. The model could no longer see ${String(evictedTokens)} tokens from the middle while writing the end.`,
  ];
}

/** Without blank lines and blanks around it; the indentation of a first line of several stays. */
export function trimmed(text: string): string {
  const answer = text.trimEnd().replace(/^(?:[ \t]*\r?\n)+/, '');
  return answer.includes('\n') ? answer : answer.trimStart();
}
