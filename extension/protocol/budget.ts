/** How a budget is written by people: in the settings and on the command line. */

import type { Budget } from './engine.ts';

export type BudgetParsing =
  | { readonly ok: true; readonly budget: Budget }
  /** One sentence for the user. */
  | { readonly ok: false; readonly message: string };

const budgetPattern = /^(?<value>\d+(?:\.\d+)?)\s*(?<unit>%|mib|gib)?$/iu;
const mebibytesPerGibibyte = 1024;

/** Reads `3000` (tokens), `10%` (of the repository's tokens), `512MiB` or `2GiB`. */
export function parseBudget(text: string): BudgetParsing {
  const budget = readBudget(text);
  if (budget !== null) return { ok: true, budget };
  return {
    ok: false,
    message: `“${text}” is not a budget: write tokens such as 3000, a share of the repository such as 10%, or a size such as 512MiB.`,
  };
}

function readBudget(text: string): Budget | null {
  const groups = budgetPattern.exec(text.trim())?.groups;
  if (groups === undefined) return null;
  const value = Number(groups['value']);
  if (!Number.isFinite(value) || value <= 0) return null;
  switch (groups['unit']?.toLowerCase()) {
    case '%':
      return value <= 100 ? { unit: 'percent', value } : null;
    case 'mib':
      return { unit: 'mebibytes', value };
    case 'gib':
      return { unit: 'mebibytes', value: value * mebibytesPerGibibyte };
    default:
      return Number.isInteger(value) ? { unit: 'tokens', value } : null;
  }
}
