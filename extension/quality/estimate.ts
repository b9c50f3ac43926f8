/** What measuring costs, told before it is begun. */

import type { Budget } from '../protocol/budget.ts';

/** Few enough that measuring takes minutes: the editor's choice. */
export const editorBudgets: readonly Budget[] = [5, 10, 25, 50].map((value) => ({
  unit: 'percent',
  value,
}));
/** Enough for intervals of 20 points, which tell most budgets apart. */
export const editorQuestions = 100;

export interface Reading {
  /** Of the repository. */
  readonly tokens: number;
  readonly tokensPerSecond: number;
}

/** Tokens that a question, its file's name and what is expected have, roughly. */
const tokensPerQuestion = 40;

/**
 * How long measuring takes at most, in seconds, at the speed of the last reading: the repository is
 * read for every policy and budget, and once whole where that fits; each time, and once without
 * memory, all questions are asked.
 */
export function measuringSeconds(
  cells: number,
  questions: number,
  { tokens, tokensPerSecond }: Reading,
): number {
  const read = (cells + 1) * tokens;
  const asked = (cells + 2) * questions * tokensPerQuestion;
  return (read + asked) / Math.max(1e-3, tokensPerSecond);
}
