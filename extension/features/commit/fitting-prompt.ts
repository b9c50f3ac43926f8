import type { CommitPrompt } from './commit-prompt.ts';

/** What a question takes, and what it may take. */
export interface Weight {
  readonly tokens: number;
  readonly room: number;
}

/** For the first try, in UTF-16 units: more than a small model reads within a minute. */
const mostRoom = 40_000;
/** A question that cannot be weighed has to fit any model. */
const unweighedRoom = 4_000;
const mostTries = 6;

/**
 * Returns the question with as many changes as fit.
 * @param make makes the question of what fits into some UTF-16 units; null: no change does
 * @param weigh counts its tokens; null: that cannot be done now
 * @returns null if no change fits
 */
export async function fittingPrompt(
  make: (room: number) => CommitPrompt | null,
  weigh: (question: string) => Promise<Weight | null>,
): Promise<CommitPrompt | null> {
  let room = mostRoom;
  for (let tries = 0; tries < mostTries; tries++) {
    const prompt = make(room);
    if (prompt === null) return null;
    const weight = await weigh(prompt.question);
    if (weight === null) return make(unweighedRoom);
    if (weight.tokens <= weight.room) return prompt;
    // A little less than the tokens say: what is not a change stays.
    const share = Math.max(0, weight.room) / weight.tokens;
    room = Math.floor(Math.min(room, prompt.question.length) * share * 0.9);
  }
  return null;
}
