/** The state of the session, for everything that shows it. */

import type { Progress } from '../protocol/notifications/progress.ts';
import type { OpenParameters, OpenResult } from '../protocol/requests/open.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { ReadingEstimate } from '../protocol/reading-estimate.ts';

/** Why the repository is read; `continued`: the rest after a stopped reading. */
export type ReadCause = 'requested' | 'settings' | 'restart' | 'continued';

/** The result of a reading. */
export interface Read {
  readonly result: OpenResult;
  readonly readWith: OpenParameters | null;
  readonly notice: string | null;
}

export type SessionState =
  /** `unloaded`: the next question or completion brings the kept memory back. */
  | { readonly kind: 'idle'; readonly unloaded?: boolean }
  /** Measuring the repository; `files` were found so far. */
  | { readonly kind: 'counting'; readonly files: number }
  /** A reading would take long, so the user is asked. */
  | { readonly kind: 'proposed'; readonly estimate: ReadingEstimate }
  | {
      readonly kind: 'reading';
      readonly cause: ReadCause;
      /** null until the engine reports. */
      readonly progress: Progress | null;
      readonly cancelling: boolean;
      /** The cause that should stay visible, e.g. a crash. */
      readonly notice: string | null;
      /** The previous memory, which answers meanwhile; null if there is none. */
      readonly result: OpenResult | null;
    }
  | { readonly kind: 'ready'; readonly result: OpenResult; readonly notice: string | null }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'restarting'; readonly message: string; readonly delayMs: number }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

/** Returns the memory that currently answers; null if there is none. */
export function memoryOf(state: SessionState): OpenResult | null {
  return state.kind === 'ready' || state.kind === 'reading' ? state.result : null;
}

/** A first reading that is over by then is waited for: its answers rest on everything. */
const worthWaitingSeconds = 30;

/**
 * Returns whether a question is answered now: by a memory, or, where its first reading takes longer,
 * by what was read so far.
 */
export function answersNow(state: SessionState): boolean {
  if (memoryOf(state) !== null) return true;
  if (state.kind !== 'reading' || state.progress === null) return false;
  const { phase, tokens, etaSeconds } = state.progress;
  return phase === 'reading' && tokens > 0 && (etaSeconds ?? 0) > worthWaitingSeconds;
}

/** Returns whether a reading was stopped and can be continued. */
export function wasStopped(state: SessionState): boolean {
  return state.kind === 'ready' && !state.result.complete;
}
