/** The engine of one command. */

import { fileURLToPath } from 'node:url';
import type { EngineClient, EngineListener } from '../engine-client/client.ts';
import { EngineProcess } from '../engine-client/engine-process.ts';
import type { EngineExit } from '../engine-client/exit.ts';
import { withEngine } from '../engine-client/with-engine.ts';
import { engineListener } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** How long the engine may take to exit by itself. */
const graceMs = 6_000;

/** How long cancelled work may continue before the engine is killed. */
const cancelGraceMs = 10_000;

interface EngineOutput {
  readonly terminal: Terminal;
  /** Whether the terminal shows what the engine and its libraries print and log. */
  readonly verbose: boolean;
}

export interface OwnEngineOptions extends EngineOutput {
  /** Fires where the work is to stop: an engine that does not react is ended then. */
  readonly signal: AbortSignal;
  /** Receives progress in place of the terminal. */
  readonly onProgress?: NonNullable<EngineListener['onProgress']>;
}

/** Starts the engine, the bundle beside this one. However this process ends, its engine ends too. */
export function startOwnEngine(
  { terminal, verbose }: EngineOutput,
  listener: EngineListener,
): EngineProcess {
  const engine = new EngineProcess({
    modulePath: fileURLToPath(new URL('./engine.mjs', import.meta.url)),
    listener,
    onOutput: (line) => {
      if (verbose) terminal.note(line);
    },
    graceMs,
  });
  const kill = (): void => {
    engine.kill();
  };
  process.prependOnceListener('exit', kill);
  void engine.exited.then(() => process.off('exit', kill));
  return engine;
}

/**
 * Runs work with its own engine, and always ends the engine.
 * @throws EngineRequestError; if the engine ended early, with the cause.
 */
export async function withOwnEngine<T>(
  { terminal, verbose, signal, ...change }: OwnEngineOptions,
  work: (client: EngineClient) => Promise<T>,
): Promise<T> {
  const listener = { ...engineListener(terminal, verbose), ...change };
  const engine = startOwnEngine({ terminal, verbose }, listener);
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    timer = setTimeout(() => {
      engine.kill();
    }, cancelGraceMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await withEngine(engine, work, describeExit);
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
  }
}

function describeExit({ code, signal }: EngineExit): string {
  const how =
    signal === 'SIGKILL'
      ? 'was killed, possibly out of memory'
      : signal === null
        ? `ended with exit code ${String(code)}`
        : `crashed (${signal})`;
  return `The engine ${how}. Use --verbose to see its last messages.`;
}
