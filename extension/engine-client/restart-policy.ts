/** Decides how often and how soon a crashed engine is restarted. */

import type { EnginePhase } from './exit.ts';

export type RestartDecision =
  | {
      readonly kind: 'restart';
      readonly delayMs: number;
      /** Start on the CPU: the device is the likely cause. */
      readonly safeMode: boolean;
    }
  | { readonly kind: 'give-up'; readonly crashes: number };

/** Crashes older than this are forgotten. */
const windowMs = 3 * 60_000;
const maxCrashes = 4;
/** A file that crashes the engine while loading will do so again: one more try is enough. */
const maxLoadCrashes = 2;
const firstDelayMs = 500;
/** The number of crashes in one phase after which the device is no longer trusted. */
const safeModeCrashes = 2;

/** Counts crashes. Each restart waits twice as long; the fourth crash in three minutes is final. */
export class RestartPolicy {
  #crashes: { readonly at: number; readonly phase: EnginePhase }[] = [];

  /**
   * Records a crash and returns what to do.
   * @param at milliseconds from any fixed origin
   */
  crashed(at: number, phase: EnginePhase): RestartDecision {
    this.#crashes = this.#crashes.filter((crash) => at - crash.at < windowMs);
    this.#crashes.push({ at, phase });
    const crashes = this.#crashes.length;
    if (crashes >= maxCrashes) return { kind: 'give-up', crashes };
    const loading = this.#crashes.filter((crash) => crash.phase === 'loading').length;
    if (loading >= maxLoadCrashes) return { kind: 'give-up', crashes };
    const samePhase = this.#crashes.filter((crash) => crash.phase === phase).length;
    return {
      kind: 'restart',
      delayMs: firstDelayMs * 2 ** (crashes - 1),
      safeMode: samePhase >= safeModeCrashes,
    };
  }

  /** Forgets all crashes: the user asked for a restart. */
  reset(): void {
    this.#crashes = [];
  }
}
