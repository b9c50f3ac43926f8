/** How a budget is written by people: in the settings and on the command line. */

import { z } from 'zod';
import type { Immutable } from './message.ts';

export const budgetSchema = z.discriminatedUnion('unit', [
  z.object({ unit: z.literal('tokens'), value: z.number().positive() }),
  z.object({ unit: z.literal('percent'), value: z.number().positive().max(100) }),
  z.object({ unit: z.literal('mebibytes'), value: z.number().positive() }),
]);
/** Tokens: the mean number held per (layer, KV head). Percent: of the repository's tokens. */
export type Budget = Immutable<z.infer<typeof budgetSchema>>;

export type BudgetParsing =
  | { readonly ok: true; readonly budget: Budget }
  /** One sentence for the user. */
  | { readonly ok: false; readonly message: string };

const budgetPattern = /^(?<value>\d+(?:\.\d+)?)\s*(?<unit>%|mib|gib)?$/iu;
const mebibytesPerGibibyte = 1024;

/** A share never stands for fewer tokens than this: so few cost next to nothing. */
export const leastShareTokens = 1024;

/**
 * What a share of a repository is, in tokens: never less than {@link leastShareTokens}, so that a
 * smaller repository is held whole.
 * @param percent of 100
 * @param repositoryTokens of the whole repository
 */
export function shareTokens(percent: number, repositoryTokens: number): number {
  const share = Math.floor((percent / 100) * repositoryTokens);
  return Math.max(share, Math.min(Math.ceil(repositoryTokens), leastShareTokens));
}

/** Reads `3000` (tokens), `10%` (of the repository's tokens), `512MiB` or `2GiB`. */
export function parseBudget(text: string): BudgetParsing {
  const budget = readBudget(text);
  if (typeof budget !== 'string') return { ok: true, budget };
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return { ok: false, message: `"${shown}" is not a budget. ${budget}` };
}

const forms =
  'Use tokens such as 3000, a share of the repository such as 10%, or a size such as 512MiB.';

/** The budget, or the sentence that says what is allowed. */
function readBudget(text: string): Budget | string {
  const groups = budgetPattern.exec(text.trim())?.groups;
  if (groups === undefined) return forms;
  const value = Number(groups['value']);
  if (value === 0) return `It must be more than 0. ${forms}`;
  if (value > Number.MAX_SAFE_INTEGER) return `The number is too large. ${forms}`;
  switch (groups['unit']?.toLowerCase()) {
    case '%':
      return value <= 100 ? { unit: 'percent', value } : `A share is at most 100%. ${forms}`;
    case 'mib':
      return { unit: 'mebibytes', value };
    case 'gib':
      return { unit: 'mebibytes', value: value * mebibytesPerGibibyte };
    default:
      return Number.isInteger(value)
        ? { unit: 'tokens', value }
        : `Tokens are whole numbers. ${forms}`;
  }
}
