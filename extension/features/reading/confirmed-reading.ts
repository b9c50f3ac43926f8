/** Reading again, asked about first where that would take long. */

import { needsReading } from '../../engine-client/adopting.ts';
import type { Adopted } from '../../engine-client/adopting.ts';
import { failureDetail } from '../../engine-client/failure.ts';
import type { EngineSession } from '../../engine-client/session.ts';
import { wasStopped } from '../../engine-client/session-state.ts';
import type { ReadCause, SessionState } from '../../engine-client/session-state.ts';
import type { OpenParameters } from '../../protocol/requests/open.ts';
import { largestFolders } from '../../protocol/folder-weights.ts';
import { givesUpMemory } from '../../report/read-with.ts';
import {
  describeEstimate,
  describeFolders,
  estimateReading,
  givenUpFirst,
  takesLong,
} from '../../report/reading-estimate.ts';
import type { ReadingEstimate } from '../../protocol/reading-estimate.ts';
import { measureRepositoryRequest } from '../../protocol/requests/measure-repository.ts';
import type { ReadingDialogs } from './reading-dialogs.ts';

type Size = Pick<ReadingEstimate, 'tokens' | 'folders'>;

export interface ConfirmedReadingOptions {
  readonly session: Pick<
    EngineSession,
    | 'state'
    | 'declined'
    | 'readWith'
    | 'propose'
    | 'adopt'
    | 'read'
    | 'continueReading'
    | 'restart'
    | 'consult'
  >;
  /** @throws where a setting makes no sense */
  readonly parameters: () => OpenParameters;
  /** Tokens per second; null where unknown. */
  readonly speed: (parameters: OpenParameters) => number | null;
  readonly dialogs: ReadingDialogs;
  readonly log: { readonly warn: (text: string) => void };
}

/** What a reading costs. */
interface Cost {
  readonly estimate: ReadingEstimate;
  /** Whether the memory that answers goes before it. */
  readonly givesUp: boolean;
}

/** What the commands, the buttons and the settings call. */
export class ConfirmedReading {
  readonly #options: ConfirmedReadingOptions;
  /** Whether a question is on screen: one is enough. */
  #asking = false;

  constructor(options: ConfirmedReadingOptions) {
    this.#options = options;
  }

  /** Reads, if the user agrees. */
  async read(cause: ReadCause): Promise<void> {
    const { session } = this.#options;
    if (session.state.kind === 'idle' && !session.declined) await session.propose();
    else if (await this.#agreed(cause)) await session.read(cause);
  }

  /** Reads the rest where reading was stopped, at once: what was read stays. */
  async continue(): Promise<void> {
    const { session, dialogs } = this.#options;
    if (wasStopped(session.state)) await session.continueReading();
    else dialogs.inform('There is no stopped reading. Run Loci: Read Repository.');
  }

  /** Restarts the engine and reads again, if the user agrees. */
  async restart(): Promise<void> {
    if (await this.#agreed('restart')) await this.#options.session.restart();
  }

  /** Whether a reading is to follow: not where settings come to the memory that is there. */
  async #agreed(cause: ReadCause): Promise<boolean> {
    const { session, dialogs } = this.#options;
    let adopted: Adopted = cause === 'settings' ? await session.adopt() : needsReading;
    if (adopted.kind === 'taken' || this.#asking) return false;
    this.#asking = true;
    try {
      // Settings that change while the question is on screen cost something else.
      for (;;) {
        const asked = this.#settings();
        const cost = await this.#cost();
        const fits = adopted.growth?.fits ?? true;
        if (cost === null || (fits && !takesLong(cost.estimate, cost.givesUp))) return true;
        const text = adopted.sentence ?? describeEstimate(cost.estimate);
        const told = cost.givesUp ? `${text} ${givenUpFirst}` : text;
        const detail = describeFolders(cost.estimate) ?? '';
        if (!(await dialogs.confirm(told, detail))) return false;
        if (this.#settings() === asked) return true;
        if (cause === 'settings') adopted = await session.adopt();
        if (adopted.kind === 'taken') return false;
      }
    } finally {
      this.#asking = false;
    }
  }

  /** null where nothing is lost by reading, or what is wrong is told by the reading itself. */
  async #cost(): Promise<Cost | null> {
    const { session, parameters, speed, dialogs, log } = this.#options;
    const { state, readWith } = session;
    if (!hasSomethingToLose(state)) return null;
    try {
      const wanted = parameters();
      const givesUp = readWith !== null && givesUpMemory(readWith, wanted);
      const { roots, encodings, exclude } = wanted;
      const size =
        knownSize(state) ??
        (await dialogs.counting(() =>
          session.consult((client) =>
            client.request(measureRepositoryRequest, { roots, encodings, exclude }),
          ),
        ));
      return { estimate: estimateReading(size, speed(wanted)), givesUp };
    } catch (error) {
      log.warn(failureDetail(error));
      return null;
    }
  }

  /** As JSON, but for which files are open; '' where they make no sense. */
  #settings(): string {
    try {
      return JSON.stringify({ ...this.#options.parameters(), openFiles: [] });
    } catch {
      return '';
    }
  }
}

/** Whether a memory, or a reading that is under way, would be given up for another. */
function hasSomethingToLose(state: SessionState): boolean {
  return state.kind === 'ready' || state.kind === 'reading';
}

/** What is known without counting again. */
function knownSize(state: SessionState): Size | null {
  if (state.kind !== 'ready' || !state.result.complete) return null;
  const { repository, files } = state.result;
  return { tokens: repository.tokens, folders: largestFolders(files) };
}
