/** When the memory is refined without being asked to: once the engine has had nothing to do. */

import type { OpenResult } from '../../protocol/requests/open.ts';
import type { EngineSession } from '../../engine-client/session.ts';

/** How long the engine must have been idle. */
export const idleAfterMs = 60_000;

/** Failures after which it is left alone: what killed an engine twice would kill the next one. */
const mostFailures = 2;

export type RefineEnd = 'refined' | 'cancelled' | 'failed';

export interface IdleRefinementOptions {
  readonly session: Pick<EngineSession, 'state' | 'onDidChange' | 'idleMs'>;
  /** What the setting says now. */
  readonly wanted: () => boolean;
  /** Refines; never rejects. */
  readonly refine: () => Promise<RefineEnd>;
}

/** Refines each memory at most once: what the user cancelled is not begun again. */
export class IdleRefinement {
  readonly #options: IdleRefinementOptions;
  readonly #subscription: { dispose(): void };
  #timer: NodeJS.Timeout | null = null;
  /** The memory that had its turn. */
  #done: OpenResult | null = null;
  #failures = 0;

  constructor(options: IdleRefinementOptions) {
    this.#options = options;
    this.#subscription = options.session.onDidChange(() => {
      this.update();
    });
  }

  /** To be called when the setting changes. */
  update(): void {
    const { session, wanted } = this.#options;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#candidate() === null || !wanted()) return;
    const wait = Math.max(1, idleAfterMs - session.idleMs);
    this.#timer = setTimeout(() => {
      this.#due();
    }, wait);
  }

  /** Begins nothing more; what runs goes on. */
  dispose(): void {
    this.#subscription.dispose();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #due(): void {
    const result = this.#candidate();
    // Requests since then put it off.
    if (result === null || this.#options.session.idleMs < idleAfterMs) {
      this.update();
      return;
    }
    this.#done = result;
    void this.#options.refine().then((end) => {
      if (end === 'failed') this.#failures++;
    });
  }

  #candidate(): OpenResult | null {
    const { state } = this.#options.session;
    if (state.kind !== 'ready' || state.result === this.#done) return null;
    return this.#failures < mostFailures && gains(state.result) ? state.result : null;
  }
}

/** Whether a memory may become better: one that lacks something and was not kept so already. */
function gains({ refined, complete, policy, memory }: OpenResult): boolean {
  const reconstructed = refined || policy === 'kvzip' || policy === 'kvzip-plus';
  return complete && !reconstructed && memory.keptShare < 1;
}
