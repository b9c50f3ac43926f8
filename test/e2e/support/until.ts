import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Polls until there is an answer.
 * @param what the awaited thing, for the error message
 * @throws if there is none in time
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null>,
  limitMs = 300_000,
): Promise<T> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== null) return answer;
    await sleep(100);
  }
  throw new Error(`Waited ${String(limitMs / 1000)} s in vain for ${what}.`);
}
