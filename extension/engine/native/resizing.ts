/** The part of a memory's contract that changes its budget. */
export interface ResizableMemory<Cancellation> {
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
    readonly cancellation: Cancellation;
  }): Promise<void>;
}
