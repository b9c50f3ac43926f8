/** An engine in a process of its own, as the extension and the command line run it. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { EngineClient } from '../../../extension/engine-client/client.ts';
import type { EngineListener } from '../../../extension/engine-client/client.ts';

const engine = fileURLToPath(new URL('../../../extension/engine/main.ts', import.meta.url));

export interface EngineProcess {
  readonly child: ChildProcess;
  readonly client: EngineClient;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

/** Forks the engine from source. */
export function forkEngine(listener: EngineListener = {}): EngineProcess {
  const child = fork(engine, [], {
    execArgv: ['--import', 'tsx'],
    serialization: 'json',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  started.push(child);
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
  });
  return { child, client: new EngineClient(child, listener), exited };
}
