/** The life of the memory in an engine: reading, answering, and reading again after a crash. */

import { Emitter } from 'vscode-jsonrpc';
import type { Event } from 'vscode-jsonrpc';
import type { Adopted } from './adopting.ts';
import type { EngineClient } from './client.ts';
import type { Answer } from '../protocol/answer.ts';
import type { Progress } from '../protocol/notifications/progress.ts';
import type { AskParameters } from '../protocol/requests/ask.ts';
import type { CompleteParameters, Completion } from '../protocol/requests/complete.ts';
import type { OpenParameters, OpenResult } from '../protocol/requests/open.ts';
import type { FollowParameters, FollowResult } from '../protocol/requests/follow.ts';
import type { RefineParameters } from '../protocol/requests/refine.ts';
import { describeReadWith } from '../report/read-with.ts';
import { threadsNotification } from '../protocol/notifications/threads.ts';
import { EngineSlot } from './engine-slot.ts';
import type { EnginePhase } from './exit.ts';
import { Proposal } from './proposal.ts';
import { Readings } from './readings.ts';
import { Requests } from './requests.ts';
import type { ReadCause, SessionState } from './session-state.ts';
import type { SessionOptions } from './session-options.ts';
import { SessionStore } from './session-store.ts';

/** One engine over one set of folders. Nothing runs before {@link read} is called. */
export class EngineSession {
  readonly #store = new SessionStore();
  readonly #answered = new Emitter<Answer>();
  readonly #slot: EngineSlot;
  readonly #readings: Readings;
  readonly #proposal: Proposal;
  readonly #requests: Requests;
  readonly #parameters: SessionOptions['parameters'];

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

  /** Fires on every change, progress included. */
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

  /** The engine's process number; null where none runs. */
  get pid(): number | null {
    return this.#slot.engine?.pid ?? null;
  }

  /** The folders that were read last, which paths of answers refer to. */
  get roots(): OpenResult['roots'] {
    return this.#store.roots;
  }

  /** What the memory was read with; null before the first reading. */
  get readWith(): OpenParameters | null {
    return this.#readings.readWith;
  }

  /** Which settings the memory still has where they are others by now, as a sentence; or null. */
  get outdated(): string | null {
    const { readWith } = this.#readings;
    if (readWith === null || this.state.kind !== 'ready') return null;
    try {
      return describeReadWith(readWith, this.#parameters());
    } catch {
      return null; // What makes no sense is told in its own words.
    }
  }

  /** Milliseconds without a request; 0 while one is under way. */
  get idleMs(): number {
    return this.#requests.idleMs;
  }

  /**
   * Begins the first reading: counts the files, and reads. Where that would take long, the state is
   * `proposed` until {@link read} or {@link decline}. Ignored where something was begun already.
   */
  propose(): Promise<void> {
    return this.#proposal.begin();
  }

  /** Reads nothing of what was proposed. */
  decline(): void {
    this.#proposal.decline();
  }

  /** Whether what was proposed has been declined: a view that is shown again proposes nothing. */
  get declined(): boolean {
    return this.#proposal.declined;
  }

  /**
   * Reads the folders, from the start; an earlier reading is cancelled first. The memory before it
   * answers for as long as the engine keeps it, and stays where the reading fails or is cancelled.
   * What comes of it is in {@link state}; never rejects.
   */
  read(cause: ReadCause): Promise<void> {
    return this.#readings.read(cause, null);
  }

  /**
   * Reads the rest where the last reading was stopped, into the same memory, which answers meanwhile.
   * Cancelled it keeps what was read by then. Ignored where nothing was stopped; never rejects.
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

  /** Stops counting or reading. Where the engine does not react, it is ended. */
  cancelReading(): void {
    this.#proposal.cancel();
    this.#readings.cancel();
  }

  /**
   * Answers a question from the memory that is there, also while another is read. Where there is
   * none, it waits for the reading that is under way, and starts one where there is none.
   * @param onText hears the answer as it is written
   * @throws EngineRequestError with code `cancelled`, `engine-exited` or the engine's own
   */
  async ask(
    parameters: AskParameters,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<Answer> {
    const answer = await this.#requests.ask(parameters, onText, signal);
    this.#answered.fire(answer);
    return answer;
  }

  /**
   * Completes at a cursor, but only where there is a memory: it never starts anything.
   * @returns null where there is none
   * @throws EngineRequestError
   */
  complete(parameters: CompleteParameters, signal: AbortSignal): Promise<Completion | null> {
    return this.#requests.complete(parameters, signal);
  }

  /**
   * Refines the memory, after the reading that is under way; starts one where there is none. The
   * refined memory's figures take the place of the others in {@link state}.
   * @param onProgress hears how much was read for the second time
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

  /** Works with the engine without reading anything; starts it where it is not running. */
  consult<T>(work: (client: EngineClient) => Promise<T>): Promise<T> {
    return work(this.#slot.ensure().client);
  }

  /** Ends the engine, starts another and reads again. */
  restart(): Promise<void> {
    return this.#readings.restart();
  }

  /** Ends the engine for good. */
  async dispose(): Promise<void> {
    this.#store.end();
    this.#readings.end();
    await this.#slot.stop();
    this.#store.dispose();
    this.#answered.dispose();
  }

  #phase(): EnginePhase {
    const { state } = this.#store;
    const { phase } = this.#requests;
    // Between the steps of a reading, a question is answered from the memory before it.
    if (state.kind !== 'reading' || phase === 'answering') return phase;
    return state.progress?.phase ?? 'starting';
  }
}
