/** The owner of everything that lives as long as the engine: libraries, model, memory and queue. */

import { isBundledModel } from '../models/bundled.ts';
import type {
  Answer,
  AskParameters,
  CompleteParameters,
  Completion,
  DeviceReport,
  OpenParameters,
  OpenResult,
  Progress,
  RefineParameters,
  Retention,
  RetentionParameters,
} from '../protocol/engine.ts';
import type {
  ProbeScore,
  ProbeSet,
  ProbesParameters,
  ScoreParameters,
} from '../protocol/quality.ts';
import type { EngineState, EngineStatus, LogLevel } from '../protocol/rpc.ts';
import type { LoadedAddon } from './addon.ts';
import { answer } from './answer-reliably.ts';
import type { AskContext } from './ask.ts';
import { complete } from './complete.ts';
import { CompletionTrial } from './completion-trial.ts';
import { checkPolicy } from './create-memory.ts';
import { EngineError } from './errors.ts';
import { ModelHost } from './model-host.ts';
import { describeOpening, planOpening, policyOf, progressOf } from './opening.ts';
import type { Basis, Outcome, Plan } from './opening.ts';
import { prepareReading } from './prepare-reading.ts';
import { findProbes, scoreProbes } from './quality.ts';
import { questionAware } from './question-aware.ts';
import { nothingToRefine, Refiner } from './refine.ts';
import type { Repository } from './repository.ts';
import { RuntimeHost } from './runtime-host.ts';
import { Scheduler } from './scheduler.ts';
import type { Turn } from './scheduler.ts';
import { governThreads } from './thread-governor.ts';
import type { ThreadGovernor } from './thread-governor.ts';
import { suggestQuestions } from './suggest-questions.ts';

export interface SessionListener {
  readonly onState: (state: EngineState) => void;
  readonly onProgress: (progress: Progress) => void;
  readonly onLog: (level: LogLevel, text: string) => void;
}

/** One engine. Its methods may be called at any time; the queue decides when they run. */
export class Session {
  readonly #addon: LoadedAddon;
  readonly #cacheDirectory: string | null;
  readonly #listener: SessionListener;
  readonly #scheduler = new Scheduler(() => {
    this.#trial.onIdle();
  });
  readonly #trial = new CompletionTrial(this.#scheduler, () => this.#repository);
  readonly #runtime: RuntimeHost;
  readonly #models: ModelHost;
  readonly #refiner: Refiner;
  readonly #threads: ThreadGovernor;
  #opening: AbortController | null = null;
  #refining: AbortController | null = null;
  #repository: Repository | null = null;
  #budgetTokens = 0;
  /** Whether what is open was read with the bundled model. */
  #bundled = false;
  #suggestions: readonly string[] = [];
  /** What was read, once it was. */
  #read: { readonly basis: Basis; readonly outcome: Outcome } | null = null;
  readonly #status: EngineStatus[] = [];

  /**
   * @param cacheDirectory a folder for what can be computed again.
   * @param listener hears what the engine does without being asked.
   */
  constructor(addon: LoadedAddon, cacheDirectory: string | null, listener: SessionListener) {
    this.#addon = addon;
    this.#cacheDirectory = cacheDirectory;
    this.#listener = listener;
    this.#runtime = new RuntimeHost(addon, listener.onLog);
    this.#models = new ModelHost(addon.addon);
    this.#refiner = new Refiner(addon.addon, cacheDirectory);
    this.#threads = governThreads(addon.addon);
  }

  /** What the engine is doing now. */
  get state(): EngineState {
    const report = this.#repository?.report;
    return {
      status: this.#status.at(-1) ?? (this.#repository === null ? 'empty' : 'ready'),
      heldTokens: report?.heldTokens ?? 0,
      budgetTokens: report === undefined ? 0 : this.#budgetTokens,
    };
  }

  /**
   * Reads a repository in place of the one before. Where both memories fit, the one before answers
   * until the new one is complete, and stays in use where that fails or is cancelled; otherwise it
   * stays until the new one's model and budget are known to be sound. A newer call stops an older one.
   * @throws EngineError; `cancelled` where the memory before is still in use or nothing was read.
   */
  async open(given: OpenParameters, signal: AbortSignal): Promise<OpenResult> {
    const { policy: name, policyParameters, observedQuestion } = given;
    const chosen = { name, parameters: policyParameters };
    checkPolicy(this.#addon.addon, chosen);
    const policy =
      observedQuestion === undefined ? chosen : questionAware(this.#addon.addon, chosen);
    const parameters = { ...given, policyParameters: policy.parameters };
    this.setThreads(given.threads ?? 0);
    this.#opening?.abort();
    const opening = new AbortController();
    this.#opening = opening;
    const stop = (): void => {
      opening.abort();
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      this.#listener.onProgress(progressOf('listing', 0));
      const plan = await planOpening(parameters, opening.signal, (files) => {
        this.#listener.onProgress(progressOf('listing', files));
      });
      this.#refining?.abort();
      return await this.#scheduler.schedule('ingestion', opening.signal, (turn) =>
        this.#during('opening', () => this.#load(plan, turn)),
      );
    } finally {
      signal.removeEventListener('abort', stop);
      if (this.#opening === opening) this.#opening = null;
    }
  }

  /**
   * Reads the repository again by reconstruction, and puts that memory in place of the first when it
   * is complete. Cancelled, by its signal or by a newer call, it keeps what it has read for the next
   * call; opening a repository gives that up.
   * @throws EngineError `not-open`, `out-of-memory`, `cancelled`; the first memory is as it was.
   */
  async refine(parameters: RefineParameters, signal: AbortSignal): Promise<OpenResult> {
    this.#refining?.abort();
    const refining = new AbortController();
    this.#refining = refining;
    try {
      const either = AbortSignal.any([signal, refining.signal]);
      return await this.#scheduler.schedule('ingestion', either, (turn) =>
        this.#during('refining', () => this.#refine(parameters, turn)),
      );
    } finally {
      if (this.#refining === refining) this.#refining = null;
    }
  }

  /**
   * Answers one question.
   * @param onText hears the answer as it is written, whole characters at a time.
   * @throws EngineError `not-open`, `question-too-long`, `cancelled` before the first token
   */
  ask(
    parameters: AskParameters,
    onText: AskContext['onText'],
    signal: AbortSignal,
  ): Promise<Answer> {
    const askedAt = performance.now();
    return this.#scheduler.schedule('chat', signal, (turn) =>
      this.#during('answering', () =>
        answer(this.#opened(), this.#bundled, parameters, { signal: turn.signal, onText, askedAt }),
      ),
    );
  }

  /**
   * Completes at a cursor; older completions are cancelled.
   * @throws EngineError `not-open`, `completion-unsupported`, `cancelled`
   */
  complete(parameters: CompleteParameters, signal: AbortSignal): Promise<Completion> {
    const askedAt = performance.now();
    return this.#scheduler.schedule('completion', signal, (turn) =>
      this.#during('completing', () =>
        complete(this.#opened(), parameters, { signal: turn.signal, askedAt }),
      ),
    );
  }

  /** What is held. @throws EngineError `not-open`, `file-not-read`, `cancelled` */
  retention(parameters: RetentionParameters, signal: AbortSignal): Promise<Retention> {
    return this.#scheduler.schedule('chat', signal, () =>
      Promise.resolve(this.#opened().retention(parameters)),
    );
  }

  /** Questions about what was read. @throws EngineError `not-open`, `cancelled` */
  probes(parameters: ProbesParameters, signal: AbortSignal): Promise<ProbeSet> {
    return this.#scheduler.schedule('chat', signal, (turn) =>
      findProbes(this.#opened(), parameters, turn.signal),
    );
  }

  /** How well the memory answers them. @throws EngineError `not-open`, `cancelled` */
  score(parameters: ScoreParameters, signal: AbortSignal): Promise<ProbeScore[]> {
    return this.#scheduler.schedule('chat', signal, (turn) =>
      this.#during('answering', () => scoreProbes(this.#opened(), parameters, turn.signal)),
    );
  }

  /** Computes with so many threads from the next step on; 0: as many as the machine has free. */
  setThreads(threads: number): void {
    this.#threads.choose(threads);
  }

  /** The devices of this machine. */
  devices(): Promise<DeviceReport[]> {
    return this.#runtime.devices();
  }

  /** Cancels everything and gives all memory back. */
  async close(): Promise<void> {
    this.#threads.dispose();
    this.#opening?.abort();
    this.#refining?.abort();
    this.#trial.stop();
    await this.#scheduler.close();
    this.#release();
    this.#models.unload();
  }

  async #load(plan: Plan, turn: Turn): Promise<OpenResult> {
    const { repository, basis } = await prepareReading({
      addon: this.#addon.addon,
      runtime: this.#runtime,
      models: this.#models,
      cacheDirectory: this.#cacheDirectory,
      plan,
      signal: turn.signal,
      heldBytes: () => (this.#repository?.report.physicalBytes ?? 0) + this.#refiner.bytes,
      release: () => {
        this.#release();
      },
      onProgress: this.#listener.onProgress,
    });
    const { budgetTokens } = basis;
    const before = this.#repository;
    const bundled = isBundledModel(plan.metadata.path);
    if (before === null) this.#hold(repository, budgetTokens, bundled);
    try {
      const reading = await repository.read(turn, (progress) => {
        this.#listener.onProgress({
          phase: 'reading',
          ...progress,
          heldTokens: repository.report.heldTokens,
          budgetTokens,
        });
      });
      if (before !== null) {
        if (!reading.complete) throw new EngineError('cancelled', 'Reading was cancelled.');
        this.#release();
        this.#hold(repository, budgetTokens, bundled);
      }
      this.#suggestions =
        bundled && reading.complete ? await suggestQuestions(repository, turn.signal) : [];
      const outcome = { policy: policyOf(plan), refined: false, repository, reading };
      this.#read = { basis, outcome };
      return describeOpening(basis, outcome, this.#suggestions);
    } catch (error) {
      if (this.#repository !== repository) repository.dispose();
      throw error;
    } finally {
      // A memory of nothing is of no use to anybody.
      if (this.#repository === repository && repository.report.streamTokens === 0) this.#release();
    }
  }

  async #refine(parameters: RefineParameters, turn: Turn): Promise<OpenResult> {
    const first = this.#opened();
    if (this.#read === null) throw notOpen();
    const { basis, outcome } = this.#read;
    if (outcome.reading.complete && first.report.heldTokens >= first.report.streamTokens) {
      const result = describeOpening(basis, outcome, this.#suggestions);
      return { ...result, notices: [...result.notices, nothingToRefine] };
    }
    const refined = await this.#refiner.run({
      parameters,
      basis,
      opened: first.report,
      turn,
      onProgress: this.#listener.onProgress,
    });
    this.#repository = refined.repository;
    this.#read = { basis, outcome: refined };
    first.dispose();
    return describeOpening(basis, refined, this.#suggestions);
  }

  #opened(): Repository {
    if (this.#repository === null || this.#repository.report.streamTokens === 0) {
      throw notOpen();
    }
    return this.#repository;
  }

  #hold(repository: Repository, budgetTokens: number, bundled: boolean): void {
    this.#repository = repository;
    this.#budgetTokens = budgetTokens;
    this.#bundled = bundled;
  }

  #release(): void {
    this.#repository?.dispose();
    this.#repository = null;
    this.#read = null;
    this.#refiner.drop();
  }

  async #during<T>(status: EngineStatus, work: () => Promise<T>): Promise<T> {
    this.#status.push(status);
    this.#listener.onState(this.state);
    try {
      return await work();
    } finally {
      this.#status.pop();
      this.#listener.onState(this.state);
    }
  }
}

function notOpen(): EngineError {
  return new EngineError('not-open', 'Nothing has been read yet; open a repository first.');
}
