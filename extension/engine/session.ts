/** The owner of everything that lives as long as the engine: libraries, model, memory and queue. */

import type { Answer } from '../protocol/answer.ts';
import type { Adoption } from '../protocol/requests/adopt.ts';
import type { PolicyName } from '../protocol/policies.ts';
import type { AskParameters } from '../protocol/requests/ask.ts';
import type { CompleteParameters, Completion } from '../protocol/requests/complete.ts';
import type { DeviceReport } from '../protocol/requests/devices.ts';
import type { OpenParameters, OpenResult } from '../protocol/requests/open.ts';
import type { PolicyParameterDescription } from '../protocol/requests/policy-parameters.ts';
import type { RefineParameters } from '../protocol/requests/refine.ts';
import type { Retention, RetentionParameters } from '../protocol/requests/retention.ts';
import type {
  MeasureRepositoryParameters,
  RepositorySize,
} from '../protocol/requests/measure-repository.ts';
import type { ProbeScore, ScoreParameters } from '../protocol/requests/score.ts';
import type { EngineState } from '../protocol/notifications/state.ts';
import type { LoadedAddon } from './native/addon.ts';
import { adoptParameters } from './reading/adopt-parameters.ts';
import { answer } from './answering/answer-reliably.ts';
import type { AskContext } from './answering/ask.ts';
import { complete, type CursorWork } from './completing/complete.ts';
import { CompletionTrial } from './completing/completion-trial.ts';
import { continueMemory } from './reading/continue-memory.ts';
import type { Repository } from './memory/repository.ts';
import { Follower } from './reading/follower.ts';
import { retention } from './memory/retained.ts';
import { Newest } from './core/newest.ts';
import { HeldMemory } from './reading/held-memory.ts';
import { LeftOut } from './reading/left-out.ts';
import { Keeper } from './keeping/keeper.ts';
import { loadMemory, type Loading } from './reading/load-memory.ts';
import { measureRepository } from './reading/measure-repository.ts';
import { ModelHost } from './model/model-host.ts';
import { planOpening, progressOf } from './reading/opening.ts';
import { scoreProbes } from './measuring/probes.ts';
import { withCheckedPolicy } from './reading/question-aware.ts';
import { Refiner } from './reading/refine.ts';
import { refineMemory } from './reading/refine-memory.ts';
import { RuntimeHost } from './native/runtime-host.ts';
import { Scheduler, type Turn } from './core/scheduler.ts';
import type { SessionListener } from './session-listener.ts';
import { Statuses } from './core/statuses.ts';
import { governThreads, type ThreadGovernor } from './native/thread-governor.ts';

/** One engine. Its methods may be called at any time; the queue decides when they run. */
export class Session {
  /** Makes the memory true to its files. */
  readonly follower: Follower;
  /** How many compute, from the next step on. */
  readonly threads: ThreadGovernor;
  /** A reading reads none of it from its next file on. */
  readonly leftOut: LeftOut = new LeftOut();
  readonly #addon: LoadedAddon;
  readonly #listener: SessionListener;
  readonly #scheduler = new Scheduler(() => {
    this.#trial.onIdle();
    this.#keeper.onIdle();
  });
  readonly #held = new HeldMemory();
  readonly #trial = new CompletionTrial(this.#scheduler, () => this.#held.repository);
  readonly #keeper: Keeper;
  readonly #refiner: Refiner;
  /** What every reading is done with. */
  readonly #shared: Omit<Loading, 'plan' | 'turn'>;
  /** What reads, or reads on. */
  readonly #opening = new Newest();
  readonly #refining = new Newest();
  readonly #statuses = new Statuses(() => {
    this.#listener.onState(this.state);
  });

  /**
   * @param cacheDirectory a folder for what can be computed again.
   * @param listener hears what the engine does without being asked.
   */
  constructor(addon: LoadedAddon, cacheDirectory: string | null, listener: SessionListener) {
    this.#addon = addon;
    this.#listener = listener;
    const { onLog, onProgress } = listener;
    const own = { scheduler: this.#scheduler, held: this.#held };
    this.#keeper = new Keeper({ engine: addon, ...own, onLog });
    this.#refiner = new Refiner(addon.addon, cacheDirectory);
    this.threads = governThreads(addon.addon);
    const changing = { refiner: this.#refiner, refining: this.#refining };
    this.follower = new Follower({ ...own, ...changing, statuses: this.#statuses, onProgress });
    this.#shared = {
      addon: addon.addon,
      runtime: new RuntimeHost(addon, onLog),
      models: new ModelHost(addon.addon),
      cacheDirectory,
      leftOut: this.leftOut,
      held: this.#held,
      refiner: this.#refiner,
      release: this.#release,
      onProgress,
    };
  }

  /** What the engine is doing now. */
  get state(): EngineState {
    const { repository, number, budgetTokens } = this.#held;
    return {
      status: this.#statuses.current ?? (repository === null ? 'empty' : 'ready'),
      memory: number,
      heldTokens: repository?.report.heldTokens ?? 0,
      budgetTokens,
      followed: this.follower.last,
    };
  }

  /**
   * Reads a repository in place of the one before. Where both memories fit, the one before answers
   * until the new one is complete, and stays in use where that fails or is cancelled; otherwise it
   * stays until the new one's model and budget are known to be sound. A newer call stops an older one.
   * @throws EngineError; `cancelled` where the memory before is still in use or nothing was read.
   */
  open(given: OpenParameters, signal: AbortSignal): Promise<OpenResult> {
    const restores = given.keep?.restore === true;
    return this.#opened(given, signal, async (loading) => {
      const restored = restores ? await this.#keeper.restore(loading) : null;
      return restored ?? loadMemory({ ...loading, notices: this.#keeper.takeNotices() });
    });
  }

  /**
   * Takes the memory that is kept for these parameters, in place of the one before. Reads nothing.
   * @returns null where none can be used: the next reading says why.
   * @throws EngineError as {@link open}
   */
  restore(given: OpenParameters, signal: AbortSignal): Promise<OpenResult | null> {
    return this.#opened(given, signal, (loading) => this.#keeper.restore(loading));
  }

  /** Keeps what is held at once; whether it is on disk. @throws EngineError `cancelled` */
  keep(signal: AbortSignal): Promise<boolean> {
    return this.#keeper.saveNow(signal);
  }

  async #opened<T>(
    given: OpenParameters,
    signal: AbortSignal,
    work: (loading: Loading) => Promise<T>,
  ): Promise<T> {
    const parameters = withCheckedPolicy(this.#addon.addon, given);
    this.threads.choose(given.threads ?? 0);
    this.leftOut.patterns = given.exclude ?? [];
    return this.#opening.run(signal, async (either) => {
      this.#listener.onProgress(progressOf('listing', 0));
      const plan = await planOpening(parameters, either, (files) => {
        this.#listener.onProgress(progressOf('listing', files));
      });
      return this.#read(either, (turn) => work({ ...this.#shared, plan, turn }));
    });
  }

  /**
   * Reads the rest where reading was stopped. A newer call, or opening, stops it again.
   * @throws EngineError `not-open`, `repository-changed`, `cancelled` before its turn came; the memory
   *   can still be asked.
   */
  continueReading(signal: AbortSignal): Promise<OpenResult> {
    return this.#opening.run(signal, (either) =>
      this.#read(either, (turn) => continueMemory({ ...this.#shared, turn })),
    );
  }

  /** Takes other parameters without reading. @throws EngineError where they make no sense */
  async adopt(parameters: OpenParameters, signal: AbortSignal): Promise<Adoption> {
    const adoption = await this.#scheduler.schedule('chat', signal, (turn) =>
      adoptParameters({ ...this.#shared, parameters, signal: turn.signal }),
    );
    this.#listener.onState(this.state);
    return adoption;
  }

  /**
   * Reads the repository again by reconstruction, and puts that memory in place of the first when it
   * is complete. Cancelled, by its signal or by a newer call, it keeps what it has read for the next
   * call; opening a repository gives that up.
   * @throws EngineError `not-open`, `out-of-memory`, `cancelled`; the first memory is as it was.
   */
  refine(parameters: RefineParameters, signal: AbortSignal): Promise<OpenResult> {
    const how = { ...this.#shared, refiner: this.#refiner };
    return this.#refining.run(signal, (either) =>
      this.#scheduler.schedule('ingestion', either, (turn) =>
        this.#statuses.during('refining', () => refineMemory({ ...how, parameters, turn })),
      ),
    );
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
      this.#statuses.during('answering', () =>
        answer(this.#held.opened(), this.#held.bundled, parameters, {
          signal: turn.signal,
          onText,
          askedAt,
        }),
      ),
    );
  }

  /** Completes at a cursor. @throws EngineError `not-open`, `completion-unsupported`, `cancelled` */
  complete(parameters: CompleteParameters, signal: AbortSignal): Promise<Completion> {
    return this.atCursor(signal, (held, context) => complete(held, parameters, context));
  }

  /** Writes at a cursor; whatever else does is cancelled. @throws as {@link look} */
  atCursor<T>(signal: AbortSignal, work: CursorWork<T>): Promise<T> {
    const askedAt = performance.now();
    return this.#scheduler.schedule('completion', signal, (turn) =>
      this.#statuses.during('completing', () => work(this.#held.opened(), { ...turn, askedAt })),
    );
  }

  /** What is held. @throws EngineError `not-open`, `file-not-read`, `cancelled` */
  retention(parameters: RetentionParameters, signal: AbortSignal): Promise<Retention> {
    return this.look(signal, (repository) => Promise.resolve(retention(repository, parameters)));
  }

  /** Looks at the memory in its turn. @throws EngineError `not-open`, `cancelled`, or the work's */
  look<T>(signal: AbortSignal, work: (held: Repository, turn: Turn) => Promise<T>): Promise<T> {
    return this.#scheduler.schedule('chat', signal, (turn) => work(this.#held.opened(), turn));
  }

  /** Looks, beside whatever runs, at what is whole between two steps. @throws EngineError `not-open` */
  glance<T>(work: (held: Repository) => T): T {
    return work(this.#held.opened());
  }

  /** How well the memory answers them. @throws EngineError `not-open`, `cancelled` */
  score(parameters: ScoreParameters, signal: AbortSignal): Promise<ProbeScore[]> {
    return this.#scheduler.schedule('chat', signal, (turn) =>
      this.#statuses.during('answering', () =>
        scoreProbes(this.#held.opened(), parameters, turn.signal),
      ),
    );
  }

  /** How large a repository is; beside whatever runs. @throws EngineError */
  measureRepository(
    parameters: MeasureRepositoryParameters,
    signal: AbortSignal,
  ): Promise<RepositorySize> {
    return measureRepository(parameters, signal, (files) => {
      this.#listener.onProgress(progressOf('listing', files));
    });
  }

  /** The devices of this machine. */
  devices(): Promise<DeviceReport[]> {
    return this.#shared.runtime.devices();
  }

  /** What a policy can be set by. */
  policyParameters(name: PolicyName): Promise<PolicyParameterDescription[]> {
    return Promise.resolve(this.#addon.addon.policyParameters(name));
  }

  /** Cancels everything and gives all memory back. */
  async close(): Promise<void> {
    this.threads.dispose();
    this.#opening.cancel();
    this.#refining.cancel();
    this.follower.cancel();
    this.#trial.stop();
    this.#keeper.stop();
    await this.#scheduler.close();
    this.#release();
    this.#shared.models.unload();
  }

  #read<T>(signal: AbortSignal, work: (turn: Turn) => Promise<T>): Promise<T> {
    this.#refining.cancel();
    this.follower.cancel();
    return this.#scheduler.schedule('ingestion', signal, (turn) =>
      this.#statuses.during('opening', () => work(turn)),
    );
  }

  /** Gives the memory up, and says so: a caller may count on it. */
  readonly #release = (): void => {
    const { number } = this.#held;
    this.#held.release();
    this.#refiner.drop();
    if (number !== 0) this.#listener.onState(this.state);
  };
}
