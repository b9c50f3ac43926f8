/** Refines the memory without a request, once the engine has been idle. */

import type { OpenResult } from '../../protocol/requests/open.ts';
import type { EngineSession } from '../../engine-client/session.ts';

/** How long the engine must have been idle. */
export const idleAfterMs = 60_000;

/** The failures after which refining stops: what killed two engines would kill the next one. */
const mostFailures = 2;

export type RefineEnd = 'refined' | 'cancelled' | 'failed';

export interface IdleRefinementOptions {
  readonly session: Pick<EngineSession, 'state' | 'onDidChange' | 'idleMs'>;
  /** Returns the current setting. */
  readonly wanted: () => boolean;
  /** Refines; never rejects. */
  readonly refine: () => Promise<RefineEnd>;
}

/** Refines each memory at most once, and not again after the user has cancelled. */
export class IdleRefinement {
  readonly #options: IdleRefinementOptions;
  readonly #subscription: { dispose(): void };
  #timer: NodeJS.Timeout | null = null;
  /** The memory that was refined last. */
  #done: OpenResult | null = null;
  #failures = 0;

  constructor(options: IdleRefinementOptions) {
    this.#options = options;
    this.#subscription = options.session.onDidChange(() => {
      this.update();
    });
  }

  /** Call when the setting changes. */
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

  /** Begins no further pass; a running one continues. */
  dispose(): void {
    this.#subscription.dispose();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #due(): void {
    const result = this.#candidate();
    // Requests since then postpone it.
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

/** Returns whether refining may improve a memory: it lacks tokens and is not refined yet. */
function gains({ refined, complete, policy, memory }: OpenResult): boolean {
  const reconstructed = refined || policy === 'kvzip' || policy === 'kvzip-plus';
  return complete && !reconstructed && memory.keptShare < 1;
}
