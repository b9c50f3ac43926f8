/** The engine of one command: forked, listened to, ended. */

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EngineClient, EngineRequestError } from '../protocol/client.ts';
import type { EngineListener } from '../protocol/client.ts';

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
  const lastWords = listen(child, onOutput);
  const client = new EngineClient(child, listener);
  try {
    return await work(client);
  } catch (error) {
    if (!(error instanceof EngineRequestError) || error.code !== 'disconnected') throw error;
    throw new EngineRequestError('disconnected', describeExit(await exited, lastWords()), {
      cause: error,
    });
  } finally {
    client.dispose();
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await exited;
    clearTimeout(timer);
  }
}

/** Passes lines on and keeps the last one that says something about a failure. */
function listen(child: ChildProcess, onOutput: (line: string) => void): () => string {
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      onOutput(line);
      if (/error|assert|fail|abort|exception|out of memory/iu.test(line)) words = line;
    });
  }
  return () => words;
}

function describeExit({ code, signal }: Exit, lastWords: string): string {
  const how =
    signal === 'SIGKILL'
      ? 'was killed, as happens when memory runs out'
      : signal === null
        ? `ended with exit code ${String(code)}`
        : `crashed (${signal})`;
  const words = lastWords === '' ? '' : `: ${lastWords.trim().replace(/\.$/, '').slice(0, 300)}`;
  return `The engine ${how}${words}.`;
}
