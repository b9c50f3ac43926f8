/** Reads, and reads again after a crash, with changed settings, or on request. */

import { setTimeout as sleep } from 'node:timers/promises';
import { EngineRequestError } from './client.ts';
import type { Progress } from '../protocol/notifications/progress.ts';
import { continueRequest } from '../protocol/requests/continue.ts';
import { openRequest } from '../protocol/requests/open.ts';
import type { OpenParameters, OpenResult } from '../protocol/requests/open.ts';
import type { Adoption } from '../protocol/requests/adopt.ts';
import { adoptSettings, needsReading, readingNeeded, taken } from './adopting.ts';
import type { Adopted } from './adopting.ts';
import type { EngineSlot } from './engine-slot.ts';
import type { EnginePhase } from './exit.ts';
import { parametersOf } from './parameters-of.ts';
import { failureDetail, failureSentence, inUse } from './failure.ts';
import { HeldResult } from './held-result.ts';
import { isCode } from './is-code.ts';
import { RestartPolicy } from './restart-policy.ts';
import type { SessionOptions } from './session-options.ts';
import { memoryOf, wasStopped } from './session-state.ts';
import type { Read, ReadCause } from './session-state.ts';
import type { SessionStore } from './session-store.ts';

/** How long a cancelled reading may take to end before the process is stopped. */
const cancelGraceMs = 10_000;
const safeModeNotice = 'After two crashes the engine runs on the CPU until it is restarted.';

/** Runs at most one reading at a time; the previous memory answers while the engine keeps it. */
export class Readings {
  readonly #options: SessionOptions;
  readonly #store: SessionStore;
  readonly #slot: EngineSlot;
  readonly #restarts = new RestartPolicy();
  readonly #held = new HeldResult();
  #reading: AbortController | null = null;
  /** Settles when the engine has finished the last reading. */
  #lastReading: Promise<void> = Promise.resolve();
  #restartTimer: NodeJS.Timeout | null = null;
  #safeMode = false;
  #lastReadAt = performance.now();

  constructor(options: SessionOptions, store: SessionStore, slot: EngineSlot) {
    this.#options = options;
    this.#store = store;
    this.#slot = slot;
  }

  /** When the last reading ended, by `performance.now()`. */
  get lastReadAt(): number {
    return this.#lastReadAt;
  }

  /** The parameters of the held memory, or else of the last one. */
  get readWith(): OpenParameters | null {
    return this.#held.readWith;
  }

  /** @see EngineSession.read */
  async read(cause: ReadCause, notice: string | null): Promise<void> {
    if (this.#store.disposed || !this.#isSound()) return;
    const adopted = cause === 'settings' ? await this.adopt() : needsReading;
    if (adopted.kind === 'taken') return;
    const told = adopted.sentence ?? notice;
    await this.#begin(cause, told, (signal) => this.#fromTheStart(notice, signal));
  }

  /** @see EngineSession.continueReading */
  async continue(): Promise<void> {
    const { state } = this.#store;
    const { engine } = this.#slot;
    if (state.kind !== 'ready' || !wasStopped(state) || engine === null) return;
    const notice = state.notice === safeModeNotice ? safeModeNotice : null;
    await this.#begin('continued', notice, async (signal) => {
      const result = await engine.client.request(continueRequest, {}, signal);
      return { result, readWith: this.#held.readWith, notice };
    });
  }

  /** @see EngineSession.cancelReading */
  cancel(): void {
    const { state } = this.#store;
    const controller = this.#reading;
    if (state.kind === 'restarting') {
      this.#clearRestart();
      this.#store.set({ kind: 'cancelled' });
    }
    if (controller === null || state.kind !== 'reading') return;
    this.#store.set({ ...state, cancelling: true });
    controller.abort();
    void this.#enforceCancel(controller);
  }

  /** @see EngineSession.restart */
  async restart(): Promise<void> {
    if (!this.#isSound()) return;
    this.#restarts.reset();
    this.#safeMode = false;
    this.#reading = null;
    this.#held.forget();
    const begun = { progress: null, cancelling: false, notice: null, result: null };
    this.#store.set({ kind: 'reading', cause: 'restart', ...begun });
    await this.#slot.stop();
    await this.read('restart', null);
  }

  /** Ends all reading. */
  end(): void {
    this.#clearRestart();
    this.#reading = null;
  }

  /** Call with the figures of a memory that answers from now on. */
  take(result: OpenResult, readWith: OpenParameters | null, notice: string | null): void {
    this.#held.keep(result, readWith);
    this.#lastReadAt = performance.now();
    this.#store.set({ kind: 'ready', result, notice });
  }

  /** Replaces figures by those of the refined memory, if they are still shown. */
  replaceResult(before: OpenResult, result: OpenResult): void {
    const { state } = this.#store;
    if ((state.kind !== 'ready' && state.kind !== 'reading') || state.result !== before) return;
    this.#held.keep(result, this.#held.readWith);
    this.#store.set({ ...state, result });
  }

  /** Removes the notice once the user asks another question and so has seen it. */
  dismissNotice(): void {
    const { state } = this.#store;
    if (state.kind === 'ready' && state.notice !== null) {
      this.#store.set({ ...state, notice: null });
    }
  }

  /** Call with the engine's progress of a reading. */
  onProgress(progress: Progress): void {
    const { state } = this.#store;
    if (state.kind === 'reading') this.#store.set({ ...state, progress });
  }

  /** Call with the number of the memory that the engine holds. */
  onMemory(number: number): void {
    const gone = this.#held.told(number);
    const { state } = this.#store;
    if (gone && state.kind === 'reading') this.#store.set({ ...state, result: null });
  }

  /** Call when the process has ended by itself. */
  onCrash(sentence: string, phase: EnginePhase): void {
    const { kind } = this.#store.state;
    const cancelled = this.#reading?.signal.aborted === true;
    this.#reading = null;
    this.#held.forget();
    if (cancelled) this.#store.set({ kind: 'cancelled' });
    // Without a memory, there is nothing to restore: the next reading starts a process.
    if (cancelled || (kind !== 'reading' && kind !== 'ready')) return;
    const decision = this.#restarts.crashed(performance.now(), phase);
    if (decision.kind === 'give-up') {
      const again = `It stopped ${String(decision.crashes)} times in three minutes and will not restart automatically.`;
      this.#store.set({ kind: 'failed', code: 'engine-crashed', message: `${sentence} ${again}` });
      return;
    }
    this.#safeMode ||= decision.safeMode;
    this.#store.set({ kind: 'restarting', message: sentence, delayMs: decision.delayMs });
    const notice = `${sentence} It was restarted.`;
    this.#restartTimer = setTimeout(() => void this.read('restart', notice), decision.delayMs);
  }

  async #begin(
    cause: ReadCause,
    notice: string | null,
    work: (signal: AbortSignal) => Promise<Read>,
  ): Promise<void> {
    this.#clearRestart();
    this.#reading?.abort();
    const controller = new AbortController();
    this.#reading = controller;
    const { result } = this.#held;
    this.#store.set({ kind: 'reading', cause, progress: null, cancelling: false, notice, result });
    const previous = this.#lastReading;
    this.#lastReading = (async () => {
      await previous;
      if (this.#reading === controller) await this.#read(controller, work);
    })();
    await this.#lastReading;
  }

  async #fromTheStart(notice: string | null, signal: AbortSignal): Promise<Read> {
    const wanted = this.#options.parameters();
    const safeMode = this.#safeMode && wanted.gpu !== 'cpu';
    const result = await this.#open(
      parametersOf(wanted, { safeMode, restore: notice !== null }),
      signal,
    );
    return { result, readWith: wanted, notice: safeMode ? safeModeNotice : notice };
  }

  async #read(
    controller: AbortController,
    work: (signal: AbortSignal) => Promise<Read>,
  ): Promise<void> {
    try {
      const { result, readWith, notice } = await work(controller.signal);
      if (this.#reading !== controller) return;
      this.#reading = null;
      this.take(result, readWith, notice);
    } catch (error) {
      // Superseded, or the process has gone, which its exit reports.
      if (this.#reading !== controller || isCode(error, 'disconnected')) return;
      this.#reading = null;
      const { result } = this.#held;
      if (result !== null) this.#store.set({ kind: 'ready', result, notice: inUse(error) });
      else if (isCode(error, 'cancelled')) this.#store.set({ kind: 'cancelled' });
      else this.#fail(error);
    }
  }

  /** Returns whether the settings are valid; if not, an existing memory shows the reason. */
  #isSound(): boolean {
    const { state } = this.#store;
    if (memoryOf(state) === null) return true;
    try {
      this.#options.parameters();
      return true;
    } catch (error) {
      if (state.kind === 'ready') this.#store.set({ ...state, notice: inUse(error) });
      if (state.kind === 'reading') this.#store.set({ ...state, notice: failureSentence(error) });
      return false;
    }
  }

  /** @see EngineSession.adopt */
  async adopt(): Promise<Adopted> {
    if (!this.#isSound()) return taken;
    const { state } = this.#store;
    const before = memoryOf(state);
    // What the user asked to be read again is read.
    const replaces = state.kind === 'reading' && state.cause !== 'settings';
    if (before === null || replaces) return needsReading;
    const wanted = this.#options.parameters();
    let adoption: Adoption;
    try {
      adoption = await adoptSettings({
        before,
        wanted,
        readWith: this.#held.readWith,
        engine: this.#slot.engine,
        safeMode: this.#safeMode,
      });
    } catch (error) {
      if (this.#store.state === state && state.kind === 'ready') {
        this.#store.set({ ...state, notice: inUse(error) });
      }
      return taken;
    }
    if (adoption.kind === 'reading')
      return readingNeeded(adoption, before, this.#options.speed?.(wanted) ?? null);
    if (memoryOf(this.#store.state) !== before) return needsReading;
    // A memory that was being read for other settings is not wanted any more.
    this.#reading?.abort();
    this.#reading = null;
    this.#held.keep(adoption.result, wanted);
    this.#store.set({ kind: 'ready', result: adoption.result, notice: null });
    return taken;
  }

  /** Opens, in a new process if this one has loaded the libraries of another device. */
  async #open(parameters: OpenParameters, signal: AbortSignal): Promise<OpenResult> {
    try {
      return await this.#slot.ensure().client.request(openRequest, parameters, signal);
    } catch (error) {
      if (!isCode(error, 'restart-required')) throw error;
      this.onMemory(0);
      this.#held.forget();
      await this.#slot.stop();
      return this.#slot.ensure().client.request(openRequest, parameters, signal);
    }
  }

  async #enforceCancel(controller: AbortController): Promise<void> {
    await sleep(cancelGraceMs, undefined, { ref: false });
    if (this.#reading !== controller) return;
    this.#options.onLog('warn', 'The engine ignored the cancellation and was terminated.');
    this.#slot.engine?.kill();
  }

  #fail(error: unknown): void {
    const code = error instanceof EngineRequestError ? error.code : 'internal';
    this.#options.onLog('error', failureDetail(error));
    this.#store.set({ kind: 'failed', code, message: failureSentence(error) });
  }

  #clearRestart(): void {
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    this.#restartTimer = null;
  }
}
