/** Reading again, asked about first where that would take long. */

import * as vscode from 'vscode';
import { failureDetail } from '../../engine-client/failure.ts';
import type { EngineSession } from '../../engine-client/session.ts';
import type { ReadCause, SessionState } from '../../engine-client/session-state.ts';
import type { OpenParameters } from '../../protocol/requests/open.ts';
import { largestFolders } from '../../protocol/folder-weights.ts';
import {
  describeEstimate,
  describeFolders,
  estimateReading,
  takesLong,
} from '../../report/reading-estimate.ts';
import type { ReadingEstimate } from '../../protocol/reading-estimate.ts';
import { measureRepositoryRequest } from '../../protocol/requests/measure-repository.ts';

export interface ConfirmedReadingOptions {
  readonly session: EngineSession;
  /** @throws where a setting makes no sense */
  readonly parameters: () => OpenParameters;
  /** Tokens per second; null where unknown. */
  readonly speed: (parameters: OpenParameters) => number | null;
  readonly log: vscode.LogOutputChannel;
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
    else if (cause === 'settings' && (await session.adopt())) return;
    else if (await this.#agreed()) await session.read(cause);
  }

  /** Restarts the engine and reads again, if the user agrees. */
  async restart(): Promise<void> {
    if (await this.#agreed()) await this.#options.session.restart();
  }

  async #agreed(): Promise<boolean> {
    if (this.#asking) return false;
    const estimate = await this.#estimate();
    if (estimate === null || !takesLong(estimate)) return true;
    this.#asking = true;
    try {
      const read: vscode.MessageItem = { title: 'Read' };
      const not: vscode.MessageItem = { title: 'Not Now', isCloseAffordance: true };
      const detail = describeFolders(estimate) ?? '';
      const options = { modal: true, detail };
      const text = describeEstimate(estimate);
      return (await vscode.window.showInformationMessage(text, options, read, not)) === read;
    } finally {
      this.#asking = false;
    }
  }

  /** null where nothing is lost by reading, or what is wrong is told by the reading itself. */
  async #estimate(): Promise<ReadingEstimate | null> {
    const { session, parameters, speed, log } = this.#options;
    const { state } = session;
    if (!hasSomethingToLose(state)) return null;
    try {
      const wanted = parameters();
      const known = knownSize(state);
      const count = (): Thenable<Pick<ReadingEstimate, 'tokens' | 'folders'>> =>
        vscode.window.withProgress(
          { location: vscode.ProgressLocation.Window, title: 'Loci: counting…' },
          () =>
            session.consult((client) =>
              client.request(measureRepositoryRequest, { roots: wanted.roots }),
            ),
        );
      return estimateReading(known ?? (await count()), speed(wanted));
    } catch (error) {
      log.warn(failureDetail(error));
      return null;
    }
  }
}

/** Whether a memory, or a reading that is under way, would be given up for another. */
function hasSomethingToLose(state: SessionState): boolean {
  return state.kind === 'ready' || state.kind === 'reading';
}

/** What is known without counting again. */
function knownSize(state: SessionState): Pick<ReadingEstimate, 'tokens' | 'folders'> | null {
  if (state.kind !== 'ready' || !state.result.complete) return null;
  const { repository, files } = state.result;
  return { tokens: repository.tokens, folders: largestFolders(files) };
}
