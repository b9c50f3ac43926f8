/**
 * The tail while an answer is written. An answer longer than the tail loses its own middle: never
 * the prompt, the memory, or the newest tokens, from which the next one continues. Half of the room
 * is evicted at once (tokens recur after gaps, so rare and large evictions are better than single
 * ones; LazyEviction, arXiv 2506.15969).
 */

import { toEngineError } from '../core/errors.ts';
import type { NativeCancellation, NativeMemory } from '../native/contract.ts';

/** The number of newest tokens that stay, if there is enough room. */
const mostRecent = 32;

/** Returns what an eviction keeps, for `NativeMemory.evictTail`; null if nothing can be evicted. */
export function tailKeep(
  promptTokens: number,
  capacity: number,
): { readonly first: number; readonly last: number; readonly rows: number } | null {
  const kept = Math.floor((capacity - promptTokens) / 2);
  if (kept < 1) return null;
  const last = Math.min(mostRecent, Math.ceil(kept / 2));
  return { first: promptTokens, last, rows: promptTokens + kept };
}

/** Tracks how full the tail is. */
export class AnswerTail {
  readonly #promptTokens: number;
  readonly #capacity: number;
  /** Tokens in the tail. */
  tokens: number;
  /** Tokens that each KV head has evicted so far. */
  evictedTokens = 0;

  constructor(promptTokens: number, capacity: number) {
    this.#promptTokens = promptTokens;
    this.#capacity = capacity;
    this.tokens = promptTokens;
  }

  /**
   * Makes room for one more token.
   * @returns whether it fits; false if this model's keys cannot be moved.
   * @throws what the addon rejects with.
   */
  async makeRoom(
    memory: Pick<NativeMemory, 'evictTail'>,
    cancellation: NativeCancellation,
  ): Promise<boolean> {
    if (this.tokens < this.#capacity) return true;
    const keep = tailKeep(this.#promptTokens, this.#capacity);
    if (keep === null) return false;
    try {
      await memory.evictTail({ ...keep, cancellation });
    } catch (error) {
      if (toEngineError(error).code === 'model-unsupported') return false;
      throw error;
    }
    this.evictedTokens += this.tokens - keep.rows;
    this.tokens = keep.rows;
    return true;
  }
}
