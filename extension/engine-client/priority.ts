import { getPriority, setPriority } from 'node:os';

/**
 * Steps below what starts the engine. With two, the first token beside busy cores came 1.65 times as
 * late as with the best number of threads (`npm run bench:speed -- --only busy`).
 */
const steps = 1;
const lowest = 19;

/**
 * Gives other programs the first turn at a core that they and a process want. On Linux a thread
 * takes the priority of the one that starts it, so this comes right after the process was started.
 * Where the system refuses, or knows no such small steps (Windows), nothing changes.
 */
export function lowerPriority(pid: number): void {
  try {
    setPriority(pid, Math.min(lowest, getPriority() + steps));
  } catch {
    // It computes as before.
  }
}
