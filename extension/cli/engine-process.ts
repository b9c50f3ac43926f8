/** The engine of one command: forked, listened to, ended. */

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EngineClient, EngineRequestError } from '../engine-client/client.ts';
import type { EngineListener } from '../engine-client/client.ts';

/** How long the engine may take to end by itself. */
const graceMs = 6_000;

/** From source the engine is run from source, from a bundle it is the bundle beside this one. */
function enginePath(): string {
  const path = import.meta.url.endsWith('.ts') ? '../engine/main.ts' : './engine.mjs';
  return fileURLToPath(new URL(path, import.meta.url));
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs work with an engine of its own, and ends the engine whatever happens.
 * @param onOutput hears each line that the engine or a library in it prints.
 * @throws EngineRequestError; one that tells how the engine ended, where it did before its time.
 */
export async function withEngine<T>(
  listener: EngineListener,
  onOutput: (line: string) => void,
  work: (client: EngineClient) => Promise<T>,
): Promise<T> {
  const child = fork(enginePath(), [], {
    serialization: 'json',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
    child.once('error', () => {
      if (child.pid === undefined) resolve({ code: null, signal: null });
    });
  });
  // However this process ends, its engine ends too.
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  listen(child, onOutput);
  const client = new EngineClient(child, listener);
  try {
    return await work(client);
  } catch (error) {
    if (!(error instanceof EngineRequestError) || error.code !== 'disconnected') throw error;
    throw new EngineRequestError('disconnected', describeExit(await exited), {
      cause: error,
    });
  } finally {
    client.dispose();
    if (child.connected) child.disconnect();
    const timer = setTimeout(kill, graceMs);
    await exited;
    clearTimeout(timer);
    process.off('exit', kill);
  }
}

function listen(child: ChildProcess, onOutput: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', onOutput);
  }
}

function describeExit({ code, signal }: Exit): string {
  const how =
    signal === 'SIGKILL'
      ? 'was killed, as happens when memory runs out'
      : signal === null
        ? `ended with exit code ${String(code)}`
        : `crashed (${signal})`;
  return `The engine ${how}. Use --verbose to see what it said last.`;
}
