/** The life of the memory in an engine: reading, answering, and reading again after a crash. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Emitter } from 'vscode-jsonrpc';
import type { Event } from 'vscode-jsonrpc';
import { EngineRequestError } from '../protocol/client.ts';
import type { EngineClient } from '../protocol/client.ts';
import type {
  Answer,
  AskParameters,
  CompleteParameters,
  Completion,
  OpenParameters,
  OpenResult,
  Progress,
  RefineParameters,
} from '../protocol/engine.ts';
import type { EngineProcess } from './engineProcess.ts';
import { EngineSlot } from './engineSlot.ts';
import type { EngineSlotOptions } from './engineSlot.ts';
import type { EnginePhase } from './exit.ts';
import { RestartPolicy } from './restartPolicy.ts';
import type { ReadCause, SessionState } from './sessionState.ts';
import { untilReady } from './untilReady.ts';

export interface SessionOptions extends Pick<EngineSlotOptions, 'startEngine' | 'onLog'> {
  /** What to read and how, asked for anew each time. @throws EngineRequestError */
  readonly parameters: () => OpenParameters;
  /** How long a cancelled reading may take to end before the process is ended. */
  readonly cancelGraceMs?: number;
}

const defaultCancelGraceMs = 10_000;
const safeModeNotice = 'After two crashes the engine runs on the CPU until it is restarted.';

/** One engine over one set of folders. Nothing runs before {@link read} is called. */
export class EngineSession {
  readonly #options: SessionOptions;
  readonly #changed = new Emitter<SessionState>();
  readonly #restarts = new RestartPolicy();
  readonly #slot: EngineSlot;
  #state: SessionState = { kind: 'idle' };
  #reading: AbortController | null = null;
  /** Settles when the last reading has left the engine. */
  #lastReading: Promise<void> = Promise.resolve();
  #restartTimer: NodeJS.Timeout | null = null;
  /** What the engine held when the reading under way began; it may hold it still. */
  #before: OpenResult | null = null;
  /** The parameters of the memory that is held, as JSON. */
  #readWith = '';
  #safeMode = false;
  #roots: OpenResult['roots'] = [];
  #asking = 0;
  #completing = 0;
  #onRefining: ((progress: Progress) => void) | null = null;
  #lastRequestAt = performance.now();
  #disposed = false;

  /** @param options how to start an engine and what to read with it */
  constructor(options: SessionOptions) {
    this.#options = options;
    this.#slot = new EngineSlot({
      startEngine: options.startEngine,
      onLog: options.onLog,
      phase: () => this.#phase(),
      onCrash: (sentence, phase) => {
        this.#onCrash(sentence, phase);
      },
      onProgress: (progress) => {
        if (progress.phase === 'refining') this.#onRefining?.(progress);
        if (this.#state.kind !== 'reading' || progress.phase === 'answering') return;
        this.#set({ ...this.#state, progress });
      },
    });
  }

  /** Fires on every change, progress included. */
  get onDidChange(): Event<SessionState> {
    return this.#changed.event;
  }

  /** What the session is in now. */
  get state(): SessionState {
    return this.#state;
  }

  /** The engine's process number; null where none runs. */
  get pid(): number | null {
    return this.#slot.engine?.pid ?? null;
  }

  /** The folders that were read last, which paths of answers refer to. */
  get roots(): OpenResult['roots'] {
    return this.#roots;
  }

  /** Milliseconds without a request; 0 while one is under way. */
  get idleMs(): number {
    if (this.#asking > 0 || this.#completing > 0) return 0;
    return performance.now() - this.#lastRequestAt;
  }

  /**
   * Reads the folders, from the start; an earlier reading is cancelled first. What comes of it is
   * in {@link state}; never rejects.
   */
  async read(cause: ReadCause, notice: string | null = null): Promise<void> {
    if (this.#disposed || !this.#isSound() || (cause === 'settings' && this.#isAsRead())) return;
    this.#clearRestart();
    this.#reading?.abort();
    this.#before = this.#result() ?? this.#before;
    const controller = new AbortController();
    this.#reading = controller;
    this.#set({ kind: 'reading', cause, progress: null, cancelling: false, notice });
    const previous = this.#lastReading;
    this.#lastReading = (async () => {
      await previous;
      if (this.#reading === controller) await this.#read(controller, notice);
    })();
    await this.#lastReading;
  }

  /** Stops reading. Where the engine does not react, it is ended. */
  cancelReading(): void {
    const controller = this.#reading;
    if (this.#state.kind === 'restarting') {
      this.#clearRestart();
      this.#set({ kind: 'cancelled' });
    }
    if (controller === null || this.#state.kind !== 'reading') return;
    this.#set({ ...this.#state, cancelling: true });
    controller.abort();
    void this.#enforceCancel(controller);
  }

  /**
   * Answers a question, after the reading that is under way; starts one where there is none.
   * @param onText hears the answer as it is written
   * @throws EngineRequestError with code `cancelled`, `engine-exited` or the engine's own
   */
  async ask(
    parameters: AskParameters,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<Answer> {
    await this.#whenReady(signal);
    const { engine } = this.#slot;
    if (engine === null) throw notRunning();
    // Who asks on has seen it.
    const state = this.#state;
    if (state.kind === 'ready' && state.notice !== null) this.#set({ ...state, notice: null });
    this.#asking++;
    try {
      return await engine.client.ask(parameters, onText, signal);
    } catch (error) {
      throw await this.#explain(error, engine);
    } finally {
      this.#asking--;
      this.#lastRequestAt = performance.now();
    }
  }

  /**
   * Completes at a cursor, but only where the memory is ready: it never starts anything.
   * @returns null where it is not
   * @throws EngineRequestError
   */
  async complete(parameters: CompleteParameters, signal: AbortSignal): Promise<Completion | null> {
    const { engine } = this.#slot;
    if (this.#state.kind !== 'ready' || engine === null) return null;
    this.#completing++;
    try {
      return await engine.client.complete(parameters, signal);
    } finally {
      this.#completing--;
      this.#lastRequestAt = performance.now();
    }
  }

  /**
   * Refines the memory, after the reading that is under way; starts one where there is none. The
   * refined memory's figures take the place of the others in {@link state}.
   * @param onProgress hears how much was read for the second time
   * @throws EngineRequestError with code `cancelled`, `engine-exited` or the engine's own
   */
  async refine(
    parameters: RefineParameters,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<OpenResult> {
    await this.#whenReady(signal);
    const { engine } = this.#slot;
    const before = this.#result();
    if (engine === null || before === null) throw notRunning();
    this.#onRefining = onProgress;
    try {
      const result = await engine.client.refine(parameters, signal);
      // A reading that began since has a result of its own.
      if (result.refined && this.#result() === before) this.#replaceResult(result);
      return result;
    } catch (error) {
      throw await this.#explain(error, engine);
    } finally {
      if (this.#onRefining === onProgress) this.#onRefining = null;
    }
  }

  /** Computes with so many threads from the next step on; 0: as many as the machine has free. */
  setThreads(threads: number): void {
    this.#slot.engine?.client.setThreads(threads);
  }

  /** Works with the engine without reading anything; starts it where it is not running. */
  consult<T>(work: (client: EngineClient) => Promise<T>): Promise<T> {
    return work(this.#slot.ensure().client);
  }

  /** Ends the engine, starts another and reads again. */
  async restart(): Promise<void> {
    this.#restarts.reset();
    this.#safeMode = false;
    if (!this.#isSound()) return;
    this.#reading = null;
    this.#before = null;
    this.#set({ kind: 'idle' });
    await this.#slot.stop();
    await this.read('restart');
  }

  /** Ends the engine for good. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#clearRestart();
    this.#reading = null;
    await this.#slot.stop();
    this.#changed.dispose();
  }

  async #read(controller: AbortController, notice: string | null): Promise<void> {
    try {
      const wanted = this.#options.parameters();
      const safeMode = this.#safeMode && wanted.gpu !== 'cpu';
      const parameters: OpenParameters = safeMode ? { ...wanted, gpu: 'cpu' } : wanted;
      const result = await this.#open(parameters, controller.signal);
      if (this.#reading !== controller) return;
      this.#reading = null;
      this.#before = null;
      this.#readWith = JSON.stringify(wanted);
      this.#lastRequestAt = performance.now();
      this.#set({ kind: 'ready', result, notice: safeMode ? safeModeNotice : notice });
    } catch (error) {
      // Superseded, or the process went: its exit says so.
      if (this.#reading !== controller || isCode(error, 'disconnected')) return;
      const before = await this.#stillHeld();
      if (this.#reading !== controller) return;
      this.#reading = null;
      this.#before = null;
      if (before !== null) {
        const why = error instanceof Error ? error.message : String(error);
        this.#set({
          kind: 'ready',
          result: before,
          notice: `${why} The earlier memory is in use.`,
        });
      } else if (isCode(error, 'cancelled')) this.#set({ kind: 'cancelled' });
      else this.#fail(error);
    }
  }

  /** Whether the settings make sense; beside a memory it is said there, and the memory stays. */
  #isSound(): boolean {
    const state = this.#state;
    if (state.kind !== 'ready') return true;
    try {
      this.#options.parameters();
      return true;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#set({ ...state, notice: `${why} The earlier memory is in use.` });
      return false;
    }
  }

  /** Whether the settings, written in whatever way, mean what was read completely already. */
  #isAsRead(): boolean {
    const state = this.#state;
    if (state.kind !== 'ready' || !state.result.complete) return false;
    if (JSON.stringify(this.#options.parameters()) !== this.#readWith) return false;
    this.#set({ ...state, notice: null });
    return true;
  }

  /** What was held before a reading that failed, where the engine holds it still. */
  async #stillHeld(): Promise<OpenResult | null> {
    const before = this.#before;
    const { engine } = this.#slot;
    if (before === null || engine === null) return null;
    try {
      return (await engine.client.state()).heldTokens > 0 ? before : null;
    } catch {
      return null;
    }
  }

  /** Opens; in a new process where this one has loaded the libraries of another device. */
  async #open(parameters: OpenParameters, signal: AbortSignal): Promise<OpenResult> {
    try {
      return await this.#slot.ensure().client.open(parameters, signal);
    } catch (error) {
      if (!isCode(error, 'restart-required')) throw error;
      this.#before = null;
      await this.#slot.stop();
      return this.#slot.ensure().client.open(parameters, signal);
    }
  }

  #onCrash(sentence: string, phase: EnginePhase): void {
    const { kind } = this.#state;
    const cancelled = this.#reading?.signal.aborted === true;
    this.#reading = null;
    this.#before = null;
    if (cancelled) this.#set({ kind: 'cancelled' });
    // Without a memory there is nothing to restore: the next reading starts a process.
    if (cancelled || (kind !== 'reading' && kind !== 'ready')) return;
    const decision = this.#restarts.crashed(performance.now(), phase);
    if (decision.kind === 'give-up') {
      const again = `It stopped ${String(decision.crashes)} times within three minutes, so it is not started again by itself.`;
      this.#set({ kind: 'failed', code: 'engine-crashed', message: `${sentence} ${again}` });
      return;
    }
    this.#safeMode ||= decision.safeMode;
    this.#set({ kind: 'restarting', message: sentence, delayMs: decision.delayMs });
    const notice = `${sentence} It was started again.`;
    this.#restartTimer = setTimeout(() => void this.read('restart', notice), decision.delayMs);
  }

  /** What was read, where the memory is ready. */
  #result(): OpenResult | null {
    return this.#state.kind === 'ready' ? this.#state.result : null;
  }

  #replaceResult(result: OpenResult): void {
    if (this.#state.kind === 'ready') this.#set({ ...this.#state, result });
  }

  #phase(): EnginePhase {
    if (this.#state.kind === 'reading') return this.#state.progress?.phase ?? 'starting';
    if (this.#asking > 0) return 'answering';
    if (this.#completing > 0) return 'completing';
    return this.#onRefining === null ? 'idle' : 'refining';
  }

  async #whenReady(signal: AbortSignal): Promise<void> {
    const { kind } = this.#state;
    if (kind === 'ready') return;
    if (kind === 'idle' || kind === 'cancelled') void this.read('requested');
    await untilReady(() => this.#state, this.#changed.event, signal);
  }

  /** Why a request ended, in the words of the exit where the process went. */
  async #explain(error: unknown, engine: EngineProcess): Promise<unknown> {
    if (!isCode(error, 'disconnected')) return error;
    await engine.exited;
    const sentence = this.#slot.lastCrash ?? 'The engine was stopped.';
    return new EngineRequestError('engine-exited', sentence);
  }

  async #enforceCancel(controller: AbortController): Promise<void> {
    await sleep(this.#options.cancelGraceMs ?? defaultCancelGraceMs, undefined, { ref: false });
    if (this.#reading !== controller) return;
    this.#options.onLog('warn', 'The engine does not react to the cancellation and is ended.');
    this.#slot.engine?.kill();
  }

  #fail(error: unknown): void {
    const code = error instanceof EngineRequestError ? error.code : 'internal';
    const message = error instanceof Error ? error.message : String(error);
    this.#options.onLog('error', message);
    this.#set({ kind: 'failed', code, message });
  }

  #clearRestart(): void {
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    this.#restartTimer = null;
  }

  #set(state: SessionState): void {
    if (this.#disposed) return;
    this.#state = state;
    if (state.kind === 'ready') this.#roots = state.result.roots;
    this.#changed.fire(state);
  }
}

function notRunning(): EngineRequestError {
  return new EngineRequestError('engine-exited', 'The engine is not running.');
}

/** Whether an error is the engine's with this code. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof EngineRequestError && error.code === code;
}
