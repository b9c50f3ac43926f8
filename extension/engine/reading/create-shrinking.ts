/** A memory as large as it can really be: what was free may be taken by the time that it is made. */

import { fullCount } from '../../report/format.ts';
import { toEngineError } from '../core/errors.ts';
import type { NativeMemory } from '../native/contract.ts';
import { createMemory } from './create-memory.ts';
import type { MemoryRequest } from './create-memory.ts';

export interface ShrinkingRequest extends MemoryRequest {
  /** A smaller memory is of no use. */
  readonly leastTokens: number;
  /** Gives up the memory that is open; may be called twice. */
  readonly release: () => void;
}

export interface Shrunk {
  readonly memory: NativeMemory;
  readonly budgetTokens: number;
  /** What to tell the user. */
  readonly notices: readonly string[];
}

/**
 * Creates a memory. Where that fails for want of memory, the one that is open is given up, and then the budget
 * is halved until it succeeds.
 * @throws EngineError `out-of-memory` where not even the least can be made; what `createMemory` throws.
 */
export async function createShrinking(request: ShrinkingRequest): Promise<Shrunk> {
  let { budgetTokens } = request;
  for (let released = false; ;) {
    try {
      const memory = await createMemory({ ...request, budgetTokens });
      const isWhole = budgetTokens === request.budgetTokens;
      return { memory, budgetTokens, notices: isWhole ? [] : [shrunk(request, budgetTokens)] };
    } catch (error) {
      const failure = toEngineError(error);
      const isLeast = budgetTokens <= request.leastTokens;
      if (failure.code !== 'out-of-memory' || (released && isLeast)) throw failure;
      if (released) budgetTokens = Math.max(request.leastTokens, Math.floor(budgetTokens / 2));
      request.release();
      released = true;
    }
  }
}

function shrunk({ budgetTokens }: ShrinkingRequest, tokens: number): string {
  return `There was not enough memory for a budget of ${fullCount(budgetTokens)} tokens, so it is ${fullCount(tokens)} tokens. Close other programs and read again for more.`;
}
