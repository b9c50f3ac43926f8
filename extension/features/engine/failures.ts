/** The codes of the last failures, for diagnostics. */

import type { SessionState } from '../../engine-client/session-state.ts';
import type { Failure } from './diagnostics.ts';

const most = 10;

/** Remembers what the session failed with; the sentences stay in the log. */
export class Failures {
  readonly #failures: Failure[] = [];
  #last: SessionState | null = null;

  /** The newest last. */
  get all(): readonly Failure[] {
    return this.#failures;
  }

  /** To be called with every state. @param at when it came */
  update(state: SessionState, at: Date): void {
    if (state === this.#last) return;
    this.#last = state;
    if (state.kind === 'failed') this.#add({ at, code: state.code });
    if (state.kind === 'restarting') this.#add({ at, code: 'engine-exited' });
  }

  #add(failure: Failure): void {
    this.#failures.push(failure);
    if (this.#failures.length > most) this.#failures.shift();
  }
}
