/** How a budget is written by people: in the settings and on the command line. */

import type { Budget } from './engine.ts';

const budgetPattern = /^(?<value>\d+(?:\.\d+)?)\s*(?<unit>%|mib)?$/iu;

/** What is said where a budget cannot be read. */
export const budgetSyntax =
  'Write a number of tokens such as 3000, a share of the repository such as 10%, or a size such as 512MiB.';

/**
 * Reads `3000` (tokens), `10%` (of the repository's tokens) or `512MiB`.
 * @returns null where the text is none of these, or not more than 0, or more than 100 %.
 */
export function parseBudget(text: string): Budget | null {
  const groups = budgetPattern.exec(text.trim())?.groups;
  if (groups === undefined) return null;
  const value = Number(groups['value']);
  if (!Number.isFinite(value) || value <= 0) return null;
  switch (groups['unit']?.toLowerCase()) {
    case '%':
      return value <= 100 ? { unit: 'percent', value } : null;
    case 'mib':
      return { unit: 'mebibytes', value };
    default:
      return Number.isInteger(value) ? { unit: 'tokens', value } : null;
  }
}
