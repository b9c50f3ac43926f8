/** Signals that stop a command, and the exit code of each. */

import { constants } from 'node:os';
import { isatty } from 'node:tty';

const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type StoppingSignal = (typeof stopping)[number];

/** Returns the exit code that shells report for a signal. */
function exitCodeOf(signal: StoppingSignal): number {
  return 128 + constants.signals[signal];
}

/**
 * Makes a process whose terminal is closed end by SIGHUP, as a shell expects (129); Node.js would
 * abort because it cannot restore the terminal. Call it once, at the start.
 */
export function endWithTerminal(): void {
  const onTerminal = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.once('exit', () => {
    if (onTerminal.every((descriptor) => isatty(descriptor))) return;
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}

/** Aborts at the first signal, and exits at the second. */
export class StopSignals {
  readonly #controller: AbortController;
  #exitCode: number | null = null;

  /** @param controller aborted at the first signal */
  constructor(controller: AbortController) {
    this.#controller = controller;
    for (const signal of stopping) process.on(signal, this.#stop);
  }

  /** The exit code of the received signal; null if there was none. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  /** Restores the default handling of signals. */
  dispose(): void {
    for (const signal of stopping) process.off(signal, this.#stop);
  }

  readonly #stop = (signal: NodeJS.Signals): void => {
    const known = stopping.find((candidate) => candidate === signal) ?? 'SIGINT';
    // The second Ctrl+C does not wait; the engine is killed when the process exits.
    if (this.#exitCode !== null) process.exit(exitCodeOf(known));
    this.#exitCode = exitCodeOf(known);
    this.#controller.abort();
  };
}
