/** Abort signals, as the addon's worker threads understand them. */

import { cancelled, throwIfCancelled } from '../core/errors.ts';
import type { NativeAddon, NativeCancellation } from './contract.ts';

/**
 * Runs one native call that stops when the signal fires.
 * @throws EngineError `cancelled`, and whatever the call rejects with.
 */
export async function cancellable<T>(
  addon: Pick<NativeAddon, 'createCancellation'>,
  signal: AbortSignal,
  call: (cancellation: NativeCancellation) => Promise<T>,
): Promise<T> {
  throwIfCancelled(signal);
  const cancellation = addon.createCancellation();
  const cancel = (): void => {
    cancellation.cancel();
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await call(cancellation);
  } catch (error) {
    // What a call reports while it is being torn down is the cancellation's doing.
    throw signal.aborted ? cancelled(error) : error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
