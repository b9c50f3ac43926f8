import type { Budget } from '../protocol/engine.ts';

export type BudgetParsing =
  | { readonly ok: true; readonly budget: Budget }
  /** One sentence for the user. */
  | { readonly ok: false; readonly message: string };

const mebibytes: Readonly<Record<string, number>> = { mib: 1, gib: 1024 };

function fail(text: string, why: string): BudgetParsing {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return {
    ok: false,
    message: `"${shown}" is not a budget: ${why}, for example 3000, 10%, 512MiB or 2GiB.`,
  };
}

/** Reads `3000`, `10%`, `512MiB` or `2GiB`; letters in either case, spaces around the number. */
export function parseBudget(text: string): BudgetParsing {
  const match = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*(%|[a-z]*)\s*$/i.exec(text);
  if (match === null) {
    return fail(text, 'give a number of tokens, a percentage of the repository, MiB or GiB');
  }
  const value = Number(match[1]);
  const unit = (match[2] ?? '').toLowerCase();
  if (value <= 0) {
    return fail(text, 'it must be more than 0');
  }
  if (unit === '%') {
    return value > 100
      ? fail(text, 'a percentage is at most 100')
      : { ok: true, budget: { unit: 'percent', value } };
  }
  if (unit === '' || unit === 'tokens') {
    return Number.isInteger(value)
      ? { ok: true, budget: { unit: 'tokens', value } }
      : fail(text, 'tokens are whole numbers');
  }
  const factor = mebibytes[unit];
  return factor === undefined
    ? fail(text, 'its unit must be %, MiB or GiB, and tokens have none')
    : { ok: true, budget: { unit: 'mebibytes', value: value * factor } };
}
