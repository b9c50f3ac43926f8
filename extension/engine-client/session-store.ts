/** The state of the session, and the listeners to its changes. */

import { Emitter } from 'vscode-jsonrpc';
import type { Event } from 'vscode-jsonrpc';
import type { OpenResult } from '../protocol/requests/open.ts';
import type { SessionState } from './session-state.ts';

/** The only place that holds the state. */
export class SessionStore {
  readonly #changed = new Emitter<SessionState>();
  #state: SessionState = { kind: 'idle' };
  #roots: OpenResult['roots'] = [];
  #disposed = false;

  /** Fires on every change, including progress. */
  get onDidChange(): Event<SessionState> {
    return this.#changed.event;
  }

  /** The current state. */
  get state(): SessionState {
    return this.#state;
  }

  /** The folders of the last reading, to which paths of answers refer. */
  get roots(): OpenResult['roots'] {
    return this.#roots;
  }

  /** Whether the store has been disposed. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** Changes the state and notifies listeners; ignored once disposed. */
  set(state: SessionState): void {
    if (this.#disposed) return;
    this.#state = state;
    if (state.kind === 'ready') this.#roots = state.result.roots;
    this.#changed.fire(state);
  }

  /** Stops notifications. */
  end(): void {
    this.#disposed = true;
  }

  /** Removes all listeners. */
  dispose(): void {
    this.#disposed = true;
    this.#changed.dispose();
  }
}
