/** Abort signals for the addon's worker threads. */

import { cancelled, throwIfCancelled } from '../core/errors.ts';
import type { NativeAddon, NativeCancellation } from './contract.ts';

/**
 * Runs a native call that stops when the signal fires.
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
    // An error after the abort is due to the cancellation.
    throw signal.aborted ? cancelled(error) : error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
