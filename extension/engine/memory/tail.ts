/** One reader's working rows behind the memory, and what stands in them. */

import type { NativeCancellation, NativeMemory } from '../native/contract.ts';

/**
 * Keeps what it holds from one request to the next, so that only what differs is computed: the
 * longest common prefix stays. Calls must not overlap with others on the same memory.
 */
export class Tail {
  readonly #memory: NativeMemory;
  readonly #index: number;
  readonly #tokens: Int32Array;
  /** Whether the model has recurrent layers, which take no token back. */
  readonly #recurrent: boolean;
  #length = 0;
  #attendsMemory = true;
  /** Whether `#tokens` are what is held, one by one: not after an eviction. */
  #known = true;

  /** @param index which of the memory's tails */
  constructor(memory: NativeMemory, index: number) {
    this.#memory = memory;
    this.#index = index;
    const { tails, stateBytes } = memory.report();
    this.#tokens = new Int32Array(tails[index]?.capacity ?? 0);
    this.#recurrent = stateBytes > 0;
  }

  /** Tokens that a prompt and what is written behind it may take. */
  get capacity(): number {
    return this.#tokens.length;
  }

  /** Tokens that it holds. */
  get length(): number {
    return this.#length;
  }

  /**
   * Makes the tail hold exactly this prompt, and the logits those of its last token.
   * @returns how many of its tokens were held before.
   * @throws as `NativeMemory.extend`; the tail then holds the beginning that was held before.
   */
  async hold(
    prompt: Int32Array,
    options: { readonly attendMemory: boolean; readonly cancellation: NativeCancellation },
  ): Promise<number> {
    const same = this.#known && this.#attendsMemory === options.attendMemory;
    // The last token is computed in any case: its logits are wanted.
    const common = same ? Math.min(this.#commonWith(prompt), prompt.length - 1) : 0;
    const kept = this.#recurrent && common < this.#length ? 0 : common;
    this.cut(Math.max(0, kept));
    await this.extend(prompt.subarray(this.#length), { observe: false, ...options });
    return kept;
  }

  async extend(
    tokens: Int32Array,
    options: Parameters<NativeMemory['extend']>[1],
  ): Promise<Float32Array | null> {
    const attention = await this.#memory.extend(tokens, { ...options, tail: this.#index });
    this.#tokens.set(tokens, this.#length);
    this.#length += tokens.length;
    this.#attendsMemory = options.attendMemory;
    return attention;
  }

  sample(sampler: Parameters<NativeMemory['sample']>[0]): number {
    return this.#memory.sample(sampler, this.#index);
  }

  logits(): Float32Array {
    return this.#memory.logits(this.#index);
  }

  async evictTail(options: Parameters<NativeMemory['evictTail']>[0]): Promise<void> {
    await this.#memory.evictTail({ ...options, tail: this.#index });
    this.#known = false;
    this.#length = options.rows;
  }

  /**
   * Takes the last tokens back: with recurrent layers by computing those before them again.
   * @throws as `NativeMemory.extend`; the tail is then empty.
   */
  async shorten(length: number, cancellation: NativeCancellation): Promise<void> {
    if (!this.#recurrent || length === 0 || length >= this.#length) {
      this.cut(length);
      return;
    }
    const kept = this.#tokens.slice(0, length);
    this.cut(0);
    await this.extend(kept, {
      observe: false,
      attendMemory: this.#attendsMemory,
      cancellation,
    });
  }

  /** With recurrent layers to 0 alone, or to what it holds. */
  cut(length: number): void {
    if (length === this.#length && length > 0) return;
    this.#memory.cut(length, this.#index);
    this.#length = length;
    this.#known ||= length === 0;
  }

  #commonWith(prompt: Int32Array): number {
    const most = Math.min(prompt.length, this.#length);
    let count = 0;
    while (count < most && this.#tokens[count] === prompt[count]) count += 1;
    return count;
  }
}
