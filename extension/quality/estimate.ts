/** Estimates the duration of a measurement before it starts. */

import type { Budget } from '../protocol/budget.ts';

/** The editor's budgets: few, so that measuring takes minutes. */
export const editorBudgets: readonly Budget[] = [5, 10, 25, 50].map((value) => ({
  unit: 'percent',
  value,
}));
/** Enough for intervals of 20 points, which separate most budgets. */
export const editorQuestions = 100;

export interface Reading {
  /** The length of the repository. */
  readonly tokens: number;
  readonly tokensPerSecond: number;
}

/** Approximate tokens of a question, its file's name and the expected answer. */
const tokensPerQuestion = 40;

/**
 * The most seconds that a measurement takes, at the speed of the last reading. The repository is
 * read for every policy and budget, and once in full if it fits. All questions are asked each time,
 * and once without memory.
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
