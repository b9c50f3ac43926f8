import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer.
 * @param what is waited for, for the error message
 * @throws when there is none in time
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
