/** What the session is in, and who hears of a change. */

import { Emitter } from 'vscode-jsonrpc';
import type { Event } from 'vscode-jsonrpc';
import type { OpenResult } from '../protocol/requests/open.ts';
import type { SessionState } from './session-state.ts';

/** The one place where the state is kept. */
export class SessionStore {
  readonly #changed = new Emitter<SessionState>();
  #state: SessionState = { kind: 'idle' };
  #roots: OpenResult['roots'] = [];
  #disposed = false;

  /** Fires on every change, progress included. */
  get onDidChange(): Event<SessionState> {
    return this.#changed.event;
  }

  /** What the session is in now. */
  get state(): SessionState {
    return this.#state;
  }

  /** The folders that were read last, which paths of answers refer to. */
  get roots(): OpenResult['roots'] {
    return this.#roots;
  }

  /** Whether nothing changes any more. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** Changes the state and tells it; ignored once disposed of. */
  set(state: SessionState): void {
    if (this.#disposed) return;
    this.#state = state;
    if (state.kind === 'ready') this.#roots = state.result.roots;
    this.#changed.fire(state);
  }

  /** Tells nothing more from now on. */
  end(): void {
    this.#disposed = true;
  }

  /** Forgets who hears. */
  dispose(): void {
    this.#disposed = true;
    this.#changed.dispose();
  }
}
