import { getPriority, setPriority } from 'node:os';

/**
 * Steps below the priority of the process that starts the engine. With two, the first token on a
 * busy machine took 1.65 times as long as with the best number of threads (`npm run bench:speed --
 * --only busy`).
 */
const steps = 1;
const lowest = 19;

/**
 * Lets other programs run before a process that competes for the same core. On Linux, a thread
 * inherits the priority of its creator, so call this right after starting the process. Changes
 * nothing if the system refuses or has no such small steps (Windows).
 */
export function lowerPriority(pid: number): void {
  try {
    setPriority(pid, Math.min(lowest, getPriority() + steps));
  } catch {
    // The priority is optional.
  }
}
