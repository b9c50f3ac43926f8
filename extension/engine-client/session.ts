/** The lifetime of the memory in an engine: reading, answering, and reading again after a crash. */

import { Emitter } from 'vscode-jsonrpc';
import type { Event } from 'vscode-jsonrpc';
import type { Adopted } from './adopting.ts';
import type { EngineClient, OnAnswerText } from './client.ts';
import type { Answer } from '../protocol/answer.ts';
import type { RequestType } from '../protocol/message.ts';
import type { Progress } from '../protocol/notifications/progress.ts';
import type { AskParameters } from '../protocol/requests/ask.ts';
import type { CompleteParameters, Completion } from '../protocol/requests/complete.ts';
import type { OpenParameters, OpenResult } from '../protocol/requests/open.ts';
import { keepRequest } from '../protocol/requests/restore.ts';
import type { FollowParameters, FollowResult } from '../protocol/requests/follow.ts';
import type { RefineParameters } from '../protocol/requests/refine.ts';
import { describeReadWith } from '../report/read-with.ts';
import type { StatedPatterns } from '../protocol/stated-patterns.ts';
import { leftOutNotification } from '../protocol/notifications/left-out.ts';
import { threadsNotification } from '../protocol/notifications/threads.ts';
import { EngineSlot } from './engine-slot.ts';
import type { EnginePhase } from './exit.ts';
import { Proposal } from './proposal.ts';
import { Readings } from './readings.ts';
import { Requests } from './requests.ts';
import type { ReadCause, SessionState } from './session-state.ts';
import type { SessionOptions } from './session-options.ts';
import { SessionStore } from './session-store.ts';

/** One engine for one set of folders. Nothing runs before {@link read} is called. */
export class EngineSession {
  readonly #store = new SessionStore();
  readonly #answered = new Emitter<Answer>();
  readonly #slot: EngineSlot;
  readonly #readings: Readings;
  readonly #proposal: Proposal;
  readonly #requests: Requests;
  readonly #parameters: SessionOptions['parameters'];
  #consulting = 0;

  /** @param options how to start an engine and what to read with it */
  constructor(options: SessionOptions) {
    this.#parameters = options.parameters;
    this.#slot = new EngineSlot({
      startEngine: options.startEngine,
      onLog: options.onLog,
      phase: () => this.#phase(),
      onCrash: (sentence, phase) => {
        this.#readings.onCrash(sentence, phase);
      },
      onMemory: (number) => {
        this.#readings.onMemory(number);
      },
      onProgress: (progress) => {
        if (progress.phase === 'refining') this.#requests.onRefining(progress);
        else if (progress.phase !== 'answering') this.#readings.onProgress(progress);
        if (progress.phase === 'listing') this.#proposal.onFiles(progress.files);
      },
    });
    this.#readings = new Readings(options, this.#store, this.#slot);
    this.#proposal = new Proposal(options, this.#store, this.#slot, this.#readings);
    this.#requests = new Requests(this.#store, this.#slot, this.#readings, () =>
      this.#proposal.begin(),
    );
  }

  /** Fires on every change, including progress. */
  get onDidChange(): Event<SessionState> {
    return this.#store.onDidChange;
  }

  /** Fires with every answer, when it is complete. */
  get onDidAnswer(): Event<Answer> {
    return this.#answered.event;
  }

  /** What the session is in now. */
  get state(): SessionState {
    return this.#store.state;
  }

  /** The engine's process ID; null if none runs. */
  get pid(): number | null {
    return this.#slot.engine?.pid ?? null;
  }

  /** The folders of the last reading, to which paths of answers refer. */
  get roots(): OpenResult['roots'] {
    return this.#store.roots;
  }

  /** The parameters of the memory; null before the first reading. */
  get readWith(): OpenParameters | null {
    return this.#readings.readWith;
  }

  /** A sentence on the settings that have changed since the memory was read; or null. */
  get outdated(): string | null {
    const { readWith } = this.#readings;
    if (readWith === null || this.state.kind !== 'ready') return null;
    try {
      return describeReadWith(readWith, this.#parameters());
    } catch {
      return null; // Invalid settings are reported separately.
    }
  }

  /** Milliseconds without a request, a reading or a change that was followed; 0 while one is pending. */
  get idleMs(): number {
    return this.#consulting > 0 ? 0 : this.#requests.idleMs;
  }

  /**
   * Begins the first reading: counts the files and reads them. If this would take long, the state
   * is `proposed` until {@link read} or {@link decline}. Ignored if something was begun already.
   */
  propose(): Promise<void> {
    return this.#proposal.begin();
  }

  /** Declines the proposed reading. */
  decline(): void {
    this.#proposal.decline();
  }

  /** Whether the proposal was declined; a view that is shown again then proposes nothing. */
  get declined(): boolean {
    return this.#proposal.declined;
  }

  /**
   * Reads the folders from the start, after cancelling an earlier reading. The previous memory
   * answers as long as the engine keeps it, and stays if the reading fails or is cancelled. The
   * result is in {@link state}; never rejects.
   */
  read(cause: ReadCause): Promise<void> {
    return this.#readings.read(cause, null);
  }

  /**
   * Reads the rest of a stopped reading into the same memory, which answers meanwhile. If
   * cancelled, keeps what was read by then. Ignored if nothing was stopped; never rejects.
   */
  continueReading(): Promise<void> {
    return this.#readings.continue();
  }

  /**
   * Takes settings, written in whatever way, that come to the memory that is there, or to a smaller one:
   * that is made of it at once, also while another is read for settings that are no longer wanted.
   * @returns what a reading gives, where they need one; what makes no sense is told beside the memory
   */
  adopt(): Promise<Adopted> {
    return this.#readings.adopt();
  }

  /** Stops counting or reading, and the engine if it does not react. */
  cancelReading(): void {
    this.#proposal.cancel();
    this.#readings.cancel();
  }

  /**
   * Answers a question from the existing memory, also while another is read. Without a memory,
   * waits for the current reading, or starts one.
   * @param onText receives the answer as it is written
   * @throws EngineRequestError with code `cancelled`, `engine-exited` or the engine's own
   */
  async ask(parameters: AskParameters, onText: OnAnswerText, signal: AbortSignal): Promise<Answer> {
    const answer = await this.#requests.ask(parameters, onText, signal);
    this.#answered.fire(answer);
    return answer;
  }

  /**
   * Completes at a cursor, but only if there is a memory; starts nothing but what was unloaded.
   * @returns null if there is none
   * @throws EngineRequestError
   */
  complete(parameters: CompleteParameters, signal: AbortSignal): Promise<Completion | null> {
    return this.#requests.complete(parameters, signal);
  }

  /**
   * Asks the memory for something that is neither a question nor a completion; never starts anything.
   * @returns null if there is no memory
   * @throws EngineRequestError
   */
  lookUp<P, R>(
    request: RequestType<P, R>,
    parameters: NoInfer<P>,
    signal: AbortSignal,
  ): Promise<R | null> {
    return this.#requests.lookUp(request, parameters, signal);
  }

  /**
   * Refines the memory after the current reading, or starts a reading. The refined memory's figures
   * replace the others in {@link state}.
   * @param onProgress receives how much was read for the second time
   * @throws EngineRequestError with code `cancelled`, `engine-exited` or the engine's own
   */
  refine(
    parameters: RefineParameters,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<OpenResult> {
    return this.#requests.refine(parameters, onProgress, signal);
  }

  /**
   * Makes the memory true to files that have changed; its figures take the place of those before.
   * @returns null where there is no memory, or another one is read
   * @throws EngineRequestError with code `cancelled`, `engine-exited` or the engine's own
   */
  follow(parameters: FollowParameters, signal: AbortSignal): Promise<FollowResult | null> {
    return this.#requests.follow(parameters, signal);
  }

  /** Computes with so many threads from the next step on; 0: as many as the machine has free. */
  setThreads(threads: number): void {
    this.#slot.engine?.client.notify(threadsNotification, threads);
  }

  /** What the user leaves out by now: a reading that is under way reads none of it from its next file on. */
  leaveOut(patterns: StatedPatterns): void {
    this.#slot.engine?.client.notify(leftOutNotification, patterns);
  }

  /** Works with the engine without reading anything; starts it if it is not running. */
  async consult<T>(work: (client: EngineClient) => Promise<T>): Promise<T> {
    this.#consulting++;
    try {
      return await work(this.#slot.ensure().client);
    } finally {
      this.#consulting--;
    }
  }

  /** Stops the engine, starts another and reads again. */
  restart(): Promise<void> {
    return this.#readings.restart();
  }

  /**
   * Keeps the memory on disk where that is wanted, and ends the engine, which gives its memory back. The
   * next question brings both back, and so does the next completion where the memory was kept.
   * @param unkept whether a memory that could not be kept is given up, too
   * @returns whether the memory is on disk; null where there is none, or it is at work on one
   */
  async unload(unkept = true): Promise<boolean | null> {
    const { state } = this.#store;
    const { engine } = this.#slot;
    if (state.kind !== 'ready' || engine === null || this.#isBusy()) return null;
    // What cannot be kept is read again.
    const keeping = engine.client.request(keepRequest, {}).catch(() => ({ kept: false }));
    const { kept } = await keeping;
    if (this.#store.state !== state || this.#slot.engine !== engine) return null;
    if (this.#isBusy()) return null;
    if (!kept && !unkept) return false;
    this.#readings.onMemory(0);
    this.#store.set({ kind: 'idle', unloaded: kept });
    this.#requests.restores = kept;
    await this.#slot.stop();
    return kept;
  }

  /** Ends the engine for good. */
  async dispose(): Promise<void> {
    this.#store.end();
    this.#readings.end();
    await this.#slot.stop();
    this.#store.dispose();
    this.#answered.dispose();
  }

  #isBusy(): boolean {
    return this.#consulting > 0 || this.#requests.isBusy;
  }

  #phase(): EnginePhase {
    const { state } = this.#store;
    const { phase } = this.#requests;
    // Between the steps of a reading, the previous memory may answer a question.
    if (state.kind !== 'reading' || phase === 'answering') return phase;
    return state.progress?.phase ?? 'starting';
  }
}
