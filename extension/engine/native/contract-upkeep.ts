/** The part of the addon's contract that keeps what was read: true to the files, within its budget, and on disk. */

import type { NativeCancellation } from './contract-cancellation.ts';

interface MemoryFile {
  readonly path: string;
  readonly cancellation: NativeCancellation;
}

/** What a `NativeMemory` does with what it holds. */
export interface NativeUpkeep {
  /**
   * Forgets tokens: their rows leave every head for good, and every tail is emptied. Stream indices
   * keep their meaning, keys their positions. Where the heads of a layer must hold equally many rows,
   * those that would hold more give up their lowest scores. Rows of later tokens, which attended to
   * what is forgotten, stay as they are. Plan, then apply: a cancelled or failed call leaves the
   * memory as it was.
   * @param ranges from, to, from, to, ... of stream indices, in any order
   * @returns the rows that went, of the tokens named and of others, mean over (layer, head)
   * @throws or rejects with `invalid-argument` for a range beyond the stream, `model-unsupported`
   *   where `stateBytes` is not 0, `cancelled`
   */
  forget(
    ranges: Int32Array,
    options: { readonly cancellation: NativeCancellation },
  ): Promise<{ readonly forgotten: number; readonly evened: number }>;
  /**
   * Changes the budget in place; the fingerprint of a saved memory is then that of the new one. A
   * smaller budget is met at once, by the policy's own allocation and selection: scores of attention
   * are those that rows carry, and the model computes nothing. Every tail is then empty, and the bytes
   * are those of what is left. Under a larger one nothing changes but what reading on may fill.
   * @param options `protect`: one byte per token of the stream, in place of what was kept for good
   * @throws rejects with `budget-too-small`, `invalid-argument` or `cancelled`, and the memory is then
   *   as it was; with `out-of-memory` where it may be lost
   */
  resize(options: {
    readonly budgetTokens: number;
    readonly protect?: Uint8Array;
    readonly cancellation: NativeCancellation;
  }): Promise<void>;
  /**
   * Writes what is held to a file, without the tails. It writes in place: name a temporary file and
   * rename it.
   * @throws rejects with `file-failed` or `cancelled`
   */
  save(options: MemoryFile): Promise<void>;
  /**
   * Puts what {@link save} wrote in place of what is held, to the bit, and cuts the tails. Model,
   * libraries, policy, budget, chunk and type must be the same.
   * @throws rejects with `snapshot-invalid`, `file-failed` or `cancelled`, and the memory is then as
   *   it was; with `out-of-memory` where it is lost
   */
  load(options: MemoryFile): Promise<void>;
}
