/** An answer that is not the model's. */

import type { Answer } from '../../protocol/answer.ts';

/** Returns sentences as an answer: the model neither wrote nor sees them later. */
export function ownAnswer(question: string, answer: string): Answer {
  return {
    question,
    kind: 'passages',
    answer,
    passages: [],
    citations: [],
    mentions: [],
    unknownNames: [],
    recalled: [],
    recalledShare: 0,
    attended: 'memory',
    promptTokens: 0,
    reusedTokens: 0,
    earlierTurns: 0,
    seenTurns: 0,
    outputTokens: 0,
    firstTokenMs: 0,
    tokensPerSecond: 0,
    stopReason: 'end',
    notices: [],
  };
}
