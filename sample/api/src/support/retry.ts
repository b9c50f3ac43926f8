import { setTimeout as sleep } from 'node:timers/promises';

export const MAX_RETRIES = 5;
export const FIRST_DELAY_MS = 250;
export const BACKOFF_FACTOR = 3;

/**
 * Runs work until it succeeds, at most MAX_RETRIES times more; waits longer after each failure.
 * @throws the last failure
 */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  let delay = FIRST_DELAY_MS;
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= MAX_RETRIES) throw error;
      await sleep(delay);
      delay *= BACKOFF_FACTOR;
    }
  }
}
