/** Starts an engine process, listens to it and ends it. */

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { EngineClient } from './client.ts';
import type { EngineListener } from './client.ts';
import type { EngineExit } from './exit.ts';
import { lowerPriority } from './priority.ts';

export interface EngineProcessOptions {
  /** The bundle of the engine. */
  readonly modulePath: string;
  readonly listener: EngineListener;
  /** Receives each line that the process and its native libraries print. */
  readonly onOutput: (line: string) => void;
  /** How long the process may take to exit by itself; 2 s by default. */
  readonly graceMs?: number;
}

const defaultGraceMs = 2_000;

/** A running engine and the connection to it. */
export class EngineProcess {
  readonly client: EngineClient;
  /** Resolves when the process has ended for any reason. Never rejects. */
  readonly exited: Promise<EngineExit>;
  readonly #child: ChildProcess;
  readonly #graceMs: number;
  #lastError: string | null = null;
  #ended = false;

  /** Forks the engine at once; reports a failure through {@link exited}. */
  constructor(options: EngineProcessOptions) {
    this.#graceMs = options.graceMs ?? defaultGraceMs;
    this.#child = fork(options.modulePath, [], {
      // The desktop's extension host is Electron, which would otherwise open a second editor.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      // Do not pass on the editor's flags, such as a debugger's port.
      execArgv: [],
      serialization: 'json',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    if (this.#child.pid !== undefined) lowerPriority(this.#child.pid);
    this.client = new EngineClient(this.#child, options.listener);
    this.#listen(this.#child.stdout, options.onOutput);
    this.#listen(this.#child.stderr, (line) => {
      options.onOutput(line);
      if (/error|assert|fail|abort|exception|out of memory/iu.test(line)) this.#lastError = line;
    });
    this.exited = new Promise((resolve) => {
      const settle = (code: number | null, signal: string | null): void => {
        this.#ended = true;
        resolve({ code, signal, lastError: this.#lastError });
      };
      this.#child.once('exit', settle);
      this.#child.once('error', (error) => {
        this.#lastError = error.message;
        this.client.dispose();
        if (this.#child.pid === undefined) settle(null, null);
      });
    });
  }

  /** The process ID; null if the process never started. */
  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  /** Ends the process gracefully, or by force after the grace period. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.client.dispose();
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#graceMs);
    await this.exited;
    clearTimeout(timer);
  }

  /** Kills the process at once, if it no longer reacts. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #listen(stream: Readable | null, onLine: (line: string) => void): void {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', onLine);
  }
}
