/** What measuring costs, told before it is begun. */

import type { Budget } from '../protocol/engine.ts';

/** Few enough that measuring takes minutes: the editor's choice. */
export const editorBudgets: readonly Budget[] = [5, 10, 25, 50].map((value) => ({
  unit: 'percent',
  value,
}));
export const editorQuestions = 40;

export interface Reading {
  /** Of the repository. */
  readonly tokens: number;
  readonly tokensPerSecond: number;
}

/**
 * How long reading takes at most, in seconds: once for every policy and budget, at the speed of the
 * last reading. Budgets that do not fit are left out, and questions take time of their own.
 */
export function readingSeconds(cells: number, { tokens, tokensPerSecond }: Reading): number {
  return (cells * tokens) / Math.max(1e-3, tokensPerSecond);
}
