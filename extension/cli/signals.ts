/** Signals that stop a command, and the exit code of each. */

import { constants } from 'node:os';
import { isatty } from 'node:tty';

const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type StoppingSignal = (typeof stopping)[number];

/** As shells report a program that a signal ended. */
function exitCodeOf(signal: StoppingSignal): number {
  return 128 + constants.signals[signal];
}

/**
 * Lets a process whose terminal is closed end by SIGHUP, as a shell expects (129): Node.js would abort,
 * since it can no longer restore the terminal. To be called once, at the start.
 */
export function endWithTerminal(): void {
  const onTerminal = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.once('exit', () => {
    if (onTerminal.every((descriptor) => isatty(descriptor))) return;
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}

/** Turns the first signal into an abort, and ends the process at the second. */
export class StopSignals {
  readonly #controller: AbortController;
  #exitCode: number | null = null;

  /** @param controller aborted at the first signal */
  constructor(controller: AbortController) {
    this.#controller = controller;
    for (const signal of stopping) process.on(signal, this.#stop);
  }

  /** The exit code of the signal that came; null where none did. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  /** Leaves signals to their default again. */
  dispose(): void {
    for (const signal of stopping) process.off(signal, this.#stop);
  }

  readonly #stop = (signal: NodeJS.Signals): void => {
    const known = stopping.find((candidate) => candidate === signal) ?? 'SIGINT';
    // The second Ctrl+C does not wait; the engine is killed as the process exits.
    if (this.#exitCode !== null) process.exit(exitCodeOf(known));
    this.#exitCode = exitCodeOf(known);
    this.#controller.abort();
  };
}
