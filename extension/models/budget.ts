import type { Budget } from '../protocol/engine.ts';

export type BudgetParsing =
  | { readonly ok: true; readonly budget: Budget }
  /** One sentence for the user. */
  | { readonly ok: false; readonly message: string };

/** Reads `3000`, `10%`, `512MiB` or `2GiB`. */
export function parseBudget(text: string): BudgetParsing {
  throw new Error(`Not written yet: ${text}`);
}
