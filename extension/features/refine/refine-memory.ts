/** Refines the memory from the editor: on request with a notification, in idle time without. */

import * as vscode from 'vscode';
import type { RefineEnd } from './idle-refinement.ts';
import { failureDetail, failureSentence } from '../../engine-client/failure.ts';
import { isCode } from '../../engine-client/is-code.ts';
import type { EngineSession } from '../../engine-client/session.ts';
import type { Progress } from '../../protocol/notifications/progress.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { byteSize, counted, duration, fullCount } from '../../report/format.ts';
import { refineOutcome } from '../status/status-text.ts';

export interface RefineCommandOptions {
  readonly session: EngineSession;
  readonly log: vscode.LogOutputChannel;
  /** Called when the pass begins and when it ends. */
  readonly onRefining: (refining: boolean) => void;
}

const title = 'Loci: refining the memory';

/** The command; at most one pass at a time. */
export class RefineCommand implements vscode.Disposable {
  readonly #options: RefineCommandOptions;
  #running: AbortController | null = null;

  /** @param options whose memory is refined */
  constructor(options: RefineCommandOptions) {
    this.#options = options;
  }

  /** Whether a pass is running. */
  get running(): boolean {
    return this.#running !== null;
  }

  /** Refines on request, and states the cost. Never rejects. */
  async run(): Promise<void> {
    if (this.running) {
      void vscode.window.showInformationMessage('Loci is already refining the memory.');
      return;
    }
    await this.#refine(
      {
        location: vscode.ProgressLocation.Notification,
        title: `${title}${this.#cost()}`,
        cancellable: true,
      },
      (message) => void vscode.window.showErrorMessage(message),
      (result) => {
        void vscode.window.showInformationMessage(refineOutcome(result));
      },
    );
  }

  /** Refines in idle time; a failure is only logged. Never rejects. */
  async runIdle(): Promise<RefineEnd> {
    if (this.running) return 'cancelled';
    const ignore = (): void => undefined;
    return this.#refine({ location: vscode.ProgressLocation.Window, title }, ignore, ignore);
  }

  /** Stops the pass; the memory is unchanged, and the next pass continues from there. */
  cancel(): void {
    this.#running?.abort();
  }

  /** Cancels the current pass. */
  dispose(): void {
    this.cancel();
  }

  async #refine(
    shown: vscode.ProgressOptions,
    onFailure: (message: string) => void,
    onResult: (result: OpenResult) => void,
  ): Promise<RefineEnd> {
    const { session, log, onRefining } = this.#options;
    const controller = new AbortController();
    this.#running = controller;
    onRefining(true);
    try {
      const result = await vscode.window.withProgress(shown, (progress, token) => {
        token.onCancellationRequested(() => {
          controller.abort();
        });
        let done = 0;
        const onProgress = (now: Progress): void => {
          const share = (100 * now.tokens) / Math.max(1, now.totalTokens);
          progress.report({ message: describe(now), increment: share - done });
          done = share;
        };
        return session.refine({ policy: 'default' }, onProgress, controller.signal);
      });
      if (result.refined) log.info('The memory was refined.');
      onResult(result);
      return 'refined';
    } catch (error) {
      if (isCode(error, 'cancelled')) return 'cancelled';
      log.error(failureDetail(error));
      onFailure(`The memory could not be refined: ${failureSentence(error)}`);
      return 'failed';
    } finally {
      this.#running = null;
      onRefining(false);
    }
  }

  #cost(): string {
    const { state } = this.#options.session;
    if (state.kind !== 'ready') return '';
    const { budget, memory } = state.result;
    return ` (takes about as long as two readings; needs a second memory of ${byteSize(budget.bytes + memory.workingBytes)} until it is done)`;
  }
}

function describe({ tokens, totalTokens, etaSeconds }: Progress): string {
  const left = etaSeconds === null ? '' : `, ${duration(etaSeconds)} left`;
  return `${fullCount(tokens)} of ${counted(totalTokens, 'token')}${left}`;
}
