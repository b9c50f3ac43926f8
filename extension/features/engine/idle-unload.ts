/** Gives the engine's memory back once nothing has needed it for a while. */

import type { OpenResult } from '../../protocol/requests/open.ts';
import type { EngineSession } from '../../engine-client/session.ts';

/** How long there must have been no question, completion or edit. */
export const unloadAfterMs = 30 * 60_000;

export interface IdleUnloadOptions {
  readonly session: Pick<EngineSession, 'state' | 'onDidChange' | 'idleMs'>;
  /** Whether memories are kept on disk: what is not kept would have to be read again. */
  readonly keeps: () => boolean;
  /** Unloads what is kept, and nothing else; whether it did. Never rejects. */
  readonly unload: () => Promise<boolean>;
  readonly afterMs?: number;
}

/** Tries it once for each memory that cannot be kept, and again where it was in use. */
export class IdleUnload {
  readonly #options: IdleUnloadOptions;
  readonly #afterMs: number;
  readonly #subscription: { dispose(): void };
  #timer: NodeJS.Timeout | null = null;
  #editedAt = -Infinity;
  /** The memory that could not be unloaded. */
  #stays: OpenResult | null = null;

  constructor(options: IdleUnloadOptions) {
    this.#options = options;
    this.#afterMs = options.afterMs ?? unloadAfterMs;
    this.#subscription = options.session.onDidChange(() => {
      this.#wait();
    });
    this.#wait();
  }

  /** The user has edited something. */
  noteEdit(): void {
    this.#editedAt = performance.now();
  }

  /** Unloads nothing more. */
  dispose(): void {
    this.#subscription.dispose();
    this.#stop();
  }

  get #idleMs(): number {
    return Math.min(this.#options.session.idleMs, performance.now() - this.#editedAt);
  }

  #wait(): void {
    this.#stop();
    if (this.#candidate() === null) return;
    const left = Math.max(1, this.#afterMs - this.#idleMs);
    this.#timer = setTimeout(() => void this.#due(), left);
  }

  async #due(): Promise<void> {
    this.#timer = null;
    const result = this.#candidate();
    if (result !== null && this.#options.keeps() && this.#idleMs >= this.#afterMs) {
      const unloaded = await this.#options.unload();
      if (!unloaded && this.#idleMs >= this.#afterMs) this.#stays = result;
    } else if (result !== null && this.#idleMs >= this.#afterMs) {
      // Keeping may be turned on later.
      this.#timer = setTimeout(() => void this.#due(), this.#afterMs);
      return;
    }
    this.#wait();
  }

  #candidate(): OpenResult | null {
    const { state } = this.#options.session;
    if (state.kind !== 'ready' || !state.result.complete) return null;
    return state.result === this.#stays ? null : state.result;
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
