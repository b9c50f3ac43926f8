/** The memory behind the tools: read at the start or at the first call, and again where that failed. */

import type { EngineSession } from '../../engine-client/session.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import { memoryOf } from '../../engine-client/session-state.ts';
import { untilReady } from '../../engine-client/until-ready.ts';
import { EngineRequestError } from '../../engine-client/client.ts';
import type { Answer } from '../../protocol/answer.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { counted } from '../../report/format.ts';
import type { Answering } from '../answering-options.ts';
import { describeProgress } from '../progress.ts';

/** Hears what is done: a word for it, the share of it that is done, and one line. */
export type OnStep = (doing: string, share: number, message: string) => void;

/** One repository that can be asked by several callers at once; the engine answers one at a time. */
export class RepositoryMemory {
  readonly #session: EngineSession;
  readonly #answering: Answering;

  /** @param session the caller owns it */
  constructor(session: EngineSession, answering: Answering) {
    this.#session = session;
    this.#answering = answering;
  }

  /** Begins to read where nothing was read and nothing is being read. */
  begin(): void {
    const { kind } = this.#session.state;
    if (kind === 'idle' || kind === 'cancelled') void this.#readFirst();
    // What was in the way may be gone by now.
    else if (kind === 'failed') void this.#session.read('requested');
  }

  /**
   * The memory, once there is one.
   * @throws EngineRequestError `cancelled`, or why it cannot be read
   */
  async opened(onStep: OnStep, signal: AbortSignal): Promise<OpenResult> {
    this.begin();
    const tell = (state: SessionState): void => {
      if (state.kind === 'counting')
        onStep('Listing', 0, `Listing: ${counted(state.files, 'file')}`);
      if (state.kind === 'restarting') onStep('Restarting', 0, state.message);
      if (state.kind !== 'reading' || state.progress === null) return;
      const { phase, tokens, totalTokens } = state.progress;
      const share = phase === 'reading' && totalTokens > 0 ? tokens / totalTokens : 0;
      onStep(phase, share, describeProgress(state.progress));
    };
    tell(this.#session.state);
    const subscription = this.#session.onDidChange(tell);
    try {
      const { onDidChange } = this.#session;
      const isHeld = (state: SessionState): boolean => memoryOf(state) !== null;
      await untilReady(() => this.#session.state, isHeld, onDidChange, signal);
    } finally {
      subscription.dispose();
    }
    const opened = memoryOf(this.#session.state);
    if (opened === null) throw new EngineRequestError('not-open', 'No repository has been read.');
    return opened;
  }

  /**
   * Answers a question, or finds passages for it.
   * @throws EngineRequestError
   */
  async ask(
    question: string,
    mode: 'answer' | 'passages',
    onStep: OnStep,
    signal: AbortSignal,
  ): Promise<Answer> {
    await this.opened(onStep, signal);
    onStep('Answering', 1, 'Answering');
    const how = mode === 'passages' ? { ...this.#answering, mode } : this.#answering;
    let written = 0;
    const onText = (text: string): void => {
      written += text.length;
      onStep('Writing', 1, `Writing: ${counted(written, 'character')}`);
    };
    const answer = await this.#session.ask({ ...how, question }, onText, signal);
    if (answer.stopReason === 'cancelled') throw new EngineRequestError('cancelled', 'Cancelled.');
    return answer;
  }

  /** What is kept on disk comes first; a long reading is not asked about, the command asks for it. */
  async #readFirst(): Promise<void> {
    await this.#session.propose();
    if (this.#session.state.kind === 'proposed') await this.#session.read('requested');
  }
}
