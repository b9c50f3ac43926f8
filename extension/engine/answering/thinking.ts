/** What an answer does with a model's reasoning. */

import type { Answer } from '../../protocol/answer.ts';
import type { Generation } from '../generation/generate.ts';
import type { ReasoningRequest } from '../generation/answer-writer.ts';
import { answerRepetition, RepetitionDetector } from '../generation/repetition.ts';
import type { ReasoningFormat } from '../prompt/reasoning-marks.ts';

/** The most tokens of reasoning before an answer. */
const mostReasoning = 1024;

/**
 * Requests reasoning that leaves half of the room in the tail for the answer, and ends where it
 * repeats itself.
 * @param room tokens that the tail has behind the prompt
 * @returns null for a model that does not reason
 */
export function reasoningRequest(
  format: ReasoningFormat | null,
  room: number,
  onText: (piece: string) => void,
): ReasoningRequest | null {
  if (format === null) return null;
  const detector = new RepetitionDetector(answerRepetition);
  return {
    marks: format.marks,
    opened: format.opening !== null,
    maxTokens: Math.max(1, Math.min(mostReasoning, Math.floor(room / 2))),
    onText: (piece) => {
      onText(piece);
      return detector.push(piece) === null ? 'continue' : 'stop';
    },
  };
}

/** Returns the answer's field for the reasoning, if there is any. */
export function reasoningField({
  reasoning,
}: Pick<Generation, 'reasoning'>): Pick<Answer, 'reasoning'> {
  return reasoning === null ? {} : { reasoning };
}

/** Returns whether the tokens that were written are those of the answer alone. */
export function isAnswerAlone(
  format: ReasoningFormat | null,
  { tokens, outputTokens }: Pick<Generation, 'tokens' | 'outputTokens'>,
): boolean {
  const opened = format !== null && format.opening !== null;
  return !opened && tokens.length === outputTokens;
}
