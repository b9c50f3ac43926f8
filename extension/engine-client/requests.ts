/** Requests to the memory: questions, completions, a refinement. */

import { EngineRequestError } from './client.ts';
import type { OnAnswerText } from './client.ts';
import type { Answer } from '../protocol/answer.ts';
import type { RequestType } from '../protocol/message.ts';
import type { Progress } from '../protocol/notifications/progress.ts';
import type { AskParameters } from '../protocol/requests/ask.ts';
import { completeRequest } from '../protocol/requests/complete.ts';
import type { CompleteParameters, Completion } from '../protocol/requests/complete.ts';
import type { OpenResult } from '../protocol/requests/open.ts';
import { followRequest } from '../protocol/requests/follow.ts';
import type { FollowParameters, FollowResult } from '../protocol/requests/follow.ts';
import { refineRequest } from '../protocol/requests/refine.ts';
import type { RefineParameters } from '../protocol/requests/refine.ts';
import type { EngineProcess } from './engine-process.ts';
import type { EngineSlot } from './engine-slot.ts';
import type { EnginePhase } from './exit.ts';
import { isCode } from './is-code.ts';
import type { Readings } from './readings.ts';
import { answersNow, memoryOf } from './session-state.ts';
import type { SessionState } from './session-state.ts';
import type { SessionStore } from './session-store.ts';
import { untilReady } from './until-ready.ts';

/** Runs requests and waits for the memory that each needs. */
export class Requests {
  readonly #store: SessionStore;
  readonly #slot: EngineSlot;
  readonly #readings: Readings;
  readonly #begin: () => Promise<void>;
  /** Whether a completion may bring back what was unloaded. */
  restores = false;
  /** Those that wait, too. */
  #questions = 0;
  #asking = 0;
  #completing = 0;
  #following = 0;
  #onRefining: ((progress: Progress) => void) | null = null;
  #lastAt = performance.now();

  /** @param begin begins a first reading, or proposes it. */
  constructor(
    store: SessionStore,
    slot: EngineSlot,
    readings: Readings,
    begin: () => Promise<void>,
  ) {
    this.#begin = begin;
    this.#store = store;
    this.#slot = slot;
    this.#readings = readings;
  }

  /** What the engine is doing for requests. */
  get phase(): EnginePhase {
    if (this.#asking > 0) return 'answering';
    if (this.#completing > 0) return 'completing';
    if (this.#following > 0) return 'following';
    return this.#onRefining === null ? 'idle' : 'refining';
  }

  /** Whether a request is pending, one that still waits for its memory too. */
  get isBusy(): boolean {
    return this.#questions > 0 || this.phase !== 'idle';
  }

  /** Milliseconds without a request, a reading or a change that was followed; 0 while one is pending. */
  get idleMs(): number {
    if (this.isBusy) return 0;
    return performance.now() - Math.max(this.#lastAt, this.#readings.lastReadAt);
  }

  /** @see EngineSession.ask */
  async ask(parameters: AskParameters, onText: OnAnswerText, signal: AbortSignal): Promise<Answer> {
    this.#questions++;
    try {
      return await this.#ask(parameters, onText, signal);
    } finally {
      this.#questions--;
    }
  }

  async #ask(
    parameters: AskParameters,
    onText: OnAnswerText,
    signal: AbortSignal,
  ): Promise<Answer> {
    for (let gone: SessionState | null = null; ;) {
      const before = gone;
      await this.#until((state) => state !== before && answersNow(state), signal);
      const { engine } = this.#slot;
      if (engine === null) throw notRunning();
      this.#readings.dismissNotice();
      this.#asking++;
      try {
        return await engine.client.ask(parameters, onText, signal);
      } catch (error) {
        // The previous memory was released before this request ran: the new one answers.
        const { state } = this.#store;
        const isGone =
          isCode(error, 'not-open') && state.kind === 'reading' && state.result === null;
        if (!isGone) throw await this.#explain(error, engine);
        gone = state;
      } finally {
        this.#asking--;
        this.#lastAt = performance.now();
      }
    }
  }

  /** @see EngineSession.complete */
  async complete(parameters: CompleteParameters, signal: AbortSignal): Promise<Completion | null> {
    const { engine } = this.#slot;
    if (memoryOf(this.#store.state) === null || engine === null) {
      if (this.restores && this.#store.state.kind === 'idle') {
        this.restores = false;
        void this.#begin();
      }
      return null;
    }
    this.#completing++;
    try {
      return await engine.client.request(completeRequest, parameters, signal);
    } finally {
      this.#completing--;
      this.#lastAt = performance.now();
    }
  }

  /** @see EngineSession.lookUp */
  async lookUp<P, R>(
    request: RequestType<P, R>,
    parameters: NoInfer<P>,
    signal: AbortSignal,
  ): Promise<R | null> {
    const { engine } = this.#slot;
    if (memoryOf(this.#store.state) === null || engine === null) return null;
    this.#lastAt = performance.now();
    return engine.client.request(request, parameters, signal);
  }

  /** @see EngineSession.refine */
  async refine(
    parameters: RefineParameters,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<OpenResult> {
    await this.#until(({ kind }) => kind === 'ready', signal);
    const { engine } = this.#slot;
    const before = memoryOf(this.#store.state);
    if (engine === null || before === null) throw notRunning();
    this.#onRefining = onProgress;
    try {
      const result = await engine.client.request(refineRequest, parameters, signal);
      // A reading that ended meanwhile has its own result.
      if (result.refined) this.#readings.replaceResult(before, result);
      return result;
    } catch (error) {
      throw await this.#explain(error, engine);
    } finally {
      if (this.#onRefining === onProgress) this.#onRefining = null;
      this.#lastAt = performance.now();
    }
  }

  /** @see EngineSession.follow */
  async follow(parameters: FollowParameters, signal: AbortSignal): Promise<FollowResult | null> {
    const { state } = this.#store;
    const { engine } = this.#slot;
    if (state.kind !== 'ready' || engine === null) return null;
    this.#following++;
    try {
      const result = await engine.client.request(followRequest, parameters, signal);
      if (result.opened !== null) {
        this.#lastAt = performance.now();
        this.#readings.replaceResult(state.result, result.opened);
      }
      return result;
    } catch (error) {
      throw await this.#explain(error, engine);
    } finally {
      this.#following--;
    }
  }

  /** To be called with what the engine tells of a refinement. */
  onRefining(progress: Progress): void {
    this.#onRefining?.(progress);
  }

  async #until(suits: (state: SessionState) => boolean, signal: AbortSignal): Promise<void> {
    const { kind } = this.#store.state;
    if (kind === 'idle' || kind === 'cancelled') void this.#begin();
    await untilReady(() => this.#store.state, suits, this.#store.onDidChange, signal);
  }

  /** Returns why a request ended; if the process has gone, with the description of its exit. */
  async #explain(error: unknown, engine: EngineProcess): Promise<unknown> {
    if (!isCode(error, 'disconnected')) return error;
    await engine.exited;
    const sentence = this.#slot.lastCrash ?? 'The engine was stopped.';
    return new EngineRequestError('engine-exited', sentence);
  }
}

function notRunning(): EngineRequestError {
  return new EngineRequestError('engine-exited', 'The engine is not running.');
}
