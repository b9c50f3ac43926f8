/** Waits for the memory that a request needs. */

import type { Event } from 'vscode-jsonrpc';
import { EngineRequestError } from './client.ts';
import type { SessionState } from './session-state.ts';

/**
 * Settles once the memory is ready or cannot become ready.
 * @param state returns the current state of the session
 * @param suits returns whether a state is sufficient
 * @throws EngineRequestError `cancelled`, or the code of the failure
 */
export async function untilReady(
  state: () => SessionState,
  suits: (state: SessionState) => boolean,
  onDidChange: Event<SessionState>,
  signal: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const settle = (): void => {
      subscription.dispose();
      signal.removeEventListener('abort', check);
    };
    const check = (): void => {
      const now = state();
      if (signal.aborted || now.kind === 'cancelled' || now.kind === 'idle') {
        settle();
        reject(new EngineRequestError('cancelled', 'Cancelled before the repository was read.'));
      } else if (now.kind === 'failed') {
        settle();
        reject(new EngineRequestError(now.code, now.message));
      } else if (suits(now)) {
        settle();
        resolve();
      }
    };
    const subscription = onDidChange(check);
    signal.addEventListener('abort', check);
    check();
  });
}
