/** What a budget means for one model, one repository and one machine: the promise, before it is made. */

import { budgetTokens, kvBytes, memoryBytes, tokensThatFit } from '../../models/estimate.ts';
import type { KvShape } from '../../models/estimate.ts';
import { leastShareTokens, shareTokens } from '../../protocol/budget.ts';
import type { Budget } from '../../protocol/budget.ts';
import type { KvType, PolicyName } from '../../protocol/policies.ts';
import { EngineError } from '../core/errors.ts';
import type { WorkingSet } from './working-set.ts';

/** Below this nothing useful survives: the first tokens and one statement. */
export const minimumBudgetTokens = 64;

/** More than policies keep of the beginning and of the newest tokens. */
const newestTokens = 256;

/** Part of the budget that file headers may keep for good. */
const headerShare = 0.25;

export interface BudgetRequest {
  readonly budget: Budget;
  /** Whether a share is taken as it is, however few tokens that are. */
  readonly exactShare: boolean;
  readonly policy: PolicyName;
  readonly shape: KvShape;
  /** What stands behind the memory, or waits for its turn there. */
  readonly working: Pick<WorkingSet, 'rows' | 'total'>;
  /** Positions the model was trained for; what is held is moved to compact positions within them. */
  readonly trainedContext: number;
  /** The exact length of the stream; null where it was not counted. */
  readonly streamTokens: number | null;
  /** What the stream cannot be longer than. */
  readonly streamLimit: number;
  /** Bytes that keys and values may take on the device. */
  readonly freeBytes: number;
}

export interface ResolvedBudget {
  readonly tokens: number;
  readonly notices: readonly string[];
}

/**
 * Whether the stream's exact length must be known before the budget is: what a quantised row costs
 * depends on whether its key will move.
 */
export function needsCount(budget: Budget, policy: PolicyName, kvType: KvType): boolean {
  return budget.unit === 'percent' || policy === 'full' || kvType !== 'f16';
}

/**
 * Resolves a budget to tokens per (layer, KV head). It is lowered, with a notice, to what the
 * trained context allows, and silently to what the repository can fill.
 * @throws EngineError `budget-too-small`, `out-of-memory`, `model-unsupported`; each says what
 *   would do.
 */
export function resolveBudget(request: BudgetRequest): ResolvedBudget {
  const { working, trainedContext, shape } = request;
  const notices: string[] = [];
  const contextLimit = trainedContext - working.rows;
  if (contextLimit < minimumBudgetTokens) {
    throw new EngineError(
      'model-unsupported',
      `The model was trained for ${number(trainedContext)} tokens of context, but Loci needs at least ${number(working.rows + minimumBudgetTokens)}. Choose another model.`,
    );
  }
  let tokens = wantedTokens(request);
  refuseTooSmall(tokens, request);
  tokens = Math.min(tokens, Math.max(minimumBudgetTokens, request.streamLimit));
  if (tokens > contextLimit) {
    notices.push(
      `This model can hold at most ${number(contextLimit)} tokens. For more, choose a model with a longer context.`,
    );
    tokens = contextLimit;
  }
  refuseShortFull(tokens, request);
  const needed = memoryBytes(shape, tokens, working.total);
  if (needed > request.freeBytes) {
    const fits = tokensThatFit(shape, request.freeBytes, working.total);
    throw new EngineError(
      'out-of-memory',
      `A budget of ${number(tokens)} tokens needs ${mebibytes(needed)} for keys and values, but only ${mebibytes(request.freeBytes)} are free. ${
        fits >= minimumBudgetTokens
          ? `Use a budget of at most ${number(fits)} tokens.`
          : 'Close other programs or choose a smaller model.'
      }`,
    );
  }
  return { tokens, notices };
}

/** How many of the held tokens may be file headers that are kept for good. */
export function protectedTokensFor(budgetTokens: number): number {
  return Math.floor(budgetTokens * headerShare);
}

/**
 * How many of the held tokens the user may pin: half of them, less where headers and the newest tokens,
 * which stay as well, leave less.
 */
export function pinnedTokensFor(budgetTokens: number): number {
  const left = budgetTokens - protectedTokensFor(budgetTokens) - newestTokens;
  return Math.max(0, Math.min(Math.floor(budgetTokens / 2), left));
}

/** A share is raised to what costs nothing, as far as memory is free for it. */
function wantedTokens(request: BudgetRequest): number {
  const { budget, shape, working } = request;
  const streamTokens = request.streamTokens ?? request.streamLimit;
  if (budget.unit !== 'percent') return budgetTokens(budget, shape, streamTokens);
  const exact = Math.max(minimumBudgetTokens, budgetTokens(budget, shape, streamTokens));
  if (request.exactShare || exact >= leastShareTokens) return exact;
  const fits = tokensThatFit(shape, request.freeBytes, working.total);
  const limit = Math.min(fits, request.trainedContext - working.rows);
  return Math.max(exact, Math.min(shareTokens(budget.value, streamTokens), limit));
}

function refuseTooSmall(tokens: number, { budget, shape }: BudgetRequest): void {
  if (tokens >= minimumBudgetTokens) return;
  const least = `${number(minimumBudgetTokens)} tokens`;
  const size = mebibytes(kvBytes(shape, minimumBudgetTokens));
  throw new EngineError(
    'budget-too-small',
    `A budget of ${number(tokens)} tokens is too small. Use at least ${budget.unit === 'mebibytes' ? `${size} or ${least}` : least}.`,
  );
}

function refuseShortFull(tokens: number, request: BudgetRequest): void {
  const { policy, streamTokens } = request;
  if (policy !== 'full' || streamTokens === null || streamTokens <= tokens) return;
  throw new EngineError(
    'budget-too-small',
    `The policy "full" keeps all ${number(streamTokens)} tokens of the repository, but the budget is ${number(tokens)}. Choose a policy that evicts, e.g. "default", or a larger budget and a model with a longer context.`,
  );
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Rounded up, so that what is named as enough is enough. */
function mebibytes(bytes: number): string {
  const value = Math.ceil((bytes / 2 ** 20) * 10) / 10;
  return `${value.toLocaleString('en-US')} MiB`;
}
