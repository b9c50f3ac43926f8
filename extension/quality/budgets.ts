/** Orders and names the budgets of a measurement. */

import type { Budget } from '../protocol/budget.ts';

/** The budget as a user writes it: `10%`, `2048`, `64MiB`. */
export function budgetLabel({ unit, value }: Budget): string {
  switch (unit) {
    case 'percent':
      return `${String(value)}%`;
    case 'tokens':
      return String(value);
    case 'mebibytes':
      return `${String(value)}MiB`;
  }
}

/** The budget in tokens for a repository of this length; null if it depends on the model. */
export function tokensWanted({ unit, value }: Budget, tokens: number): number | null {
  switch (unit) {
    case 'percent':
      return Math.floor((tokens * value) / 100);
    case 'tokens':
      return Math.min(value, tokens);
    case 'mebibytes':
      return null;
  }
}

const unitOrder: readonly Budget['unit'][] = ['percent', 'tokens', 'mebibytes'];

/** Removes duplicates and sorts: shares first, then tokens, then sizes, each ascending. */
export function byDemand(budgets: readonly Budget[]): Budget[] {
  const once = new Map(budgets.map((budget) => [budgetLabel(budget), budget]));
  return [...once.values()].sort(
    (a, b) => unitOrder.indexOf(a.unit) - unitOrder.indexOf(b.unit) || a.value - b.value,
  );
}
