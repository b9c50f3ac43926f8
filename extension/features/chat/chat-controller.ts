/** Connects the conversation, the engine and the view. */

import { failureDetail, failureSentence } from '../../engine-client/failure.ts';
import { isCode } from '../../engine-client/is-code.ts';
import type { EngineSession } from '../../engine-client/session.ts';
import { answersNow } from '../../engine-client/session-state.ts';
import type { AskParameters, OpenDocument, RecallMode } from '../../protocol/requests/ask.ts';
import type { ToChat, Turn } from '../../protocol/webview.ts';
import { Conversation } from './conversation.ts';
import type { KeptConversation } from './kept-conversation.ts';
import { TextBatch } from './text-batch.ts';

export interface ChatControllerOptions {
  readonly session: Pick<EngineSession, 'state' | 'ask'>;
  /** @throws if the setting is invalid */
  readonly recallMode: () => RecallMode;
  /** What editors show and is not saved. */
  readonly documents: () => readonly OpenDocument[];
  readonly post: (message: ToChat) => void;
  /** Called with a question asked while another was open, so that it is not lost. */
  readonly onRefused: (question: string) => void;
  /** Keeps turns when the editor closes. */
  readonly kept: Pick<KeptConversation, 'load' | 'save'>;
  /** Records why a question was not answered. */
  readonly log: { error(text: string): void };
  /** Called when an answer begins and when it ends. */
  readonly onAnswering: (answering: boolean) => void;
}

const longestAnswerTokens = 1024;

/** A chat. It outlives the view, which may be hidden and shown again at any time. */
export class ChatController {
  readonly #options: ChatControllerOptions;
  readonly #conversation: Conversation;
  #abort: AbortController | null = null;
  #flush: () => void = () => undefined;

  /** @param options the connected parts */
  constructor(options: ChatControllerOptions) {
    this.#options = options;
    this.#conversation = new Conversation(options.kept.load());
  }

  /** Whether an answer is in progress. */
  get answering(): boolean {
    return this.#abort !== null;
  }

  /** Returns the whole state for a view that has just been shown. */
  snapshot(): ToChat {
    this.#flush();
    return { type: 'conversation', turns: [...this.#conversation.turns] };
  }

  /** Returns the text of an answer, for the clipboard. */
  answerText(id: number): string | null {
    return this.#conversation.find(id)?.answer ?? null;
  }

  /** Asks; refuses if another question is open. Shows the outcome and never throws. */
  async ask(text: string): Promise<void> {
    const question = text.trim();
    if (question === '') return;
    const now = answersNow(this.#options.session.state);
    const turn = this.#conversation.ask(question, now ? 'answering' : 'waiting');
    if (turn === null) {
      this.#options.onRefused(question);
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.#show(turn);
    this.#options.onAnswering(true);
    try {
      await this.#answer(turn.id, question, abort.signal);
    } finally {
      this.#options.kept.save(this.#conversation.turns);
      if (this.#abort === abort) {
        this.#abort = null;
        this.#options.onAnswering(false);
      }
    }
  }

  /** Stops the current answer; what was written stays. */
  stop(): void {
    this.#abort?.abort();
  }

  /** Removes all turns. */
  clear(): void {
    this.stop();
    this.#conversation.clear();
    this.#options.kept.save([]);
    this.#options.post(this.snapshot());
  }

  async #answer(id: number, question: string, signal: AbortSignal): Promise<void> {
    const batch = new TextBatch((text) => {
      const waited = this.#conversation.find(id)?.status.kind === 'waiting';
      const turn = this.#conversation.append(id, text);
      if (turn === null) return;
      if (waited) this.#show(turn);
      else this.#options.post({ type: 'text', id, text });
    });
    this.#flush = () => {
      batch.flush();
    };
    const onText = (text: string): void => {
      batch.push(text);
    };
    try {
      const result = await this.#options.session.ask(
        this.#parameters(id, question),
        onText,
        signal,
      );
      batch.flush();
      this.#show(this.#conversation.finish(id, result));
    } catch (error) {
      batch.flush();
      if (signal.aborted || isCode(error, 'cancelled')) {
        this.#show(this.#conversation.stop(id));
        return;
      }
      this.#options.log.error(failureDetail(error));
      this.#show(this.#conversation.fail(id, failureSentence(error)));
    }
  }

  #parameters(id: number, question: string): AskParameters {
    return {
      question,
      recall: this.#options.recallMode(),
      maxTokens: longestAnswerTokens,
      seed: 0,
      temperature: 0,
      history: this.#conversation.historyOf(id),
      documents: this.#options.documents(),
    };
  }

  #show(turn: Turn | null): void {
    if (turn !== null) this.#options.post({ type: 'turn', turn });
  }
}
