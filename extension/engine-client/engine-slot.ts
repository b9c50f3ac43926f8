/** The slot of the only engine process: empty, or with a monitored process. */

import type { EngineListener } from './client.ts';
import type { Progress } from '../protocol/notifications/progress.ts';
import type { LogLevel } from '../protocol/notifications/log.ts';
import type { EngineProcess } from './engine-process.ts';
import { describeExit } from './exit.ts';
import type { EnginePhase } from './exit.ts';

export interface EngineSlotOptions {
  /** Starts a process. */
  readonly startEngine: (listener: EngineListener) => EngineProcess;
  /** Returns what the engine is doing; called when it ends. */
  readonly phase: () => EnginePhase;
  readonly onProgress: (progress: Progress) => void;
  /** Receives the number of the memory that the engine holds, 0 for none. */
  readonly onMemory: (number: number) => void;
  /** Called when a process ends that was not stopped here. */
  readonly onCrash: (sentence: string, phase: EnginePhase) => void;
  readonly onLog: (level: LogLevel, message: string) => void;
}

/** Holds at most one engine at a time and ignores messages of former ones. */
export class EngineSlot {
  readonly #options: EngineSlotOptions;
  #engine: EngineProcess | null = null;
  #lastCrash: string | null = null;

  /** @param options how to start a process, and its listeners */
  constructor(options: EngineSlotOptions) {
    this.#options = options;
  }

  /** The running process, or null. */
  get engine(): EngineProcess | null {
    return this.#engine;
  }

  /** The description of the last crash; null if a process was stopped on purpose since. */
  get lastCrash(): string | null {
    return this.#lastCrash;
  }

  /** Returns the running process; starts one if there is none. */
  ensure(): EngineProcess {
    return (this.#engine ??= this.#start());
  }

  /** Stops the process, if any; this does not count as a crash. */
  async stop(): Promise<void> {
    const engine = this.#engine;
    this.#engine = null;
    this.#lastCrash = null;
    await engine?.stop();
  }

  #start(): EngineProcess {
    const { startEngine, onProgress, onMemory, onLog } = this.#options;
    const engine = startEngine({
      onProgress: (progress) => {
        if (engine === this.#engine) onProgress(progress);
      },
      onState: ({ memory }) => {
        if (engine === this.#engine) onMemory(memory);
      },
      onLog: ({ level, text }) => {
        onLog(level, text);
      },
    });
    onLog('info', `Engine started (process ${String(engine.pid)}).`);
    void engine.exited.then((exit) => {
      if (engine !== this.#engine) return;
      const phase = this.#options.phase();
      const sentence = describeExit(exit, phase);
      this.#engine = null;
      this.#lastCrash = sentence;
      onLog('error', sentence);
      if (exit.lastError !== null) onLog('error', `Last error of the engine: ${exit.lastError}`);
      this.#options.onCrash(sentence, phase);
    });
    return engine;
  }
}
