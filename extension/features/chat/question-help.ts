/** What the question box is told while a question is written. */

import type { EngineSession } from '../../engine-client/session.ts';
import { failureDetail } from '../../engine-client/failure.ts';
import type { OpenDocument } from '../../protocol/requests/ask.ts';
import { suggestMentionsRequest } from '../../protocol/requests/suggest-mentions.ts';
import { weighQuestionRequest } from '../../protocol/requests/weigh-question.ts';
import type { ToChat } from '../../protocol/webview.ts';
import type { Prepared } from './prepare-question.ts';

export interface QuestionHelpOptions {
  readonly session: Pick<EngineSession, 'lookUp'>;
  /** The question that is asked in place of what is written. */
  readonly prepare: (text: string) => Prepared;
  readonly documents: () => readonly OpenDocument[];
  readonly post: (message: ToChat) => void;
  readonly log: { debug(text: string): void };
}

/** Suggests mentions and weighs questions; a newer request stops an older one of its kind. */
export class QuestionHelp {
  readonly #options: QuestionHelpOptions;
  #suggesting = new AbortController();
  #weighing = new AbortController();

  /** @param options the connected parts */
  constructor(options: QuestionHelpOptions) {
    this.#options = options;
  }

  /** Sends what an `@` may mean; nothing where that cannot be told. */
  async suggest(query: string): Promise<void> {
    this.#suggesting.abort();
    this.#suggesting = new AbortController();
    const { signal } = this.#suggesting;
    const { session, post } = this.#options;
    await this.#attempt(async () => {
      const items = await session.lookUp(suggestMentionsRequest, { query }, signal);
      if (!signal.aborted) post({ type: 'suggestions', query, items: items ?? [] });
    });
  }

  /** Sends how much room a question takes. */
  async weigh(text: string): Promise<void> {
    this.#weighing.abort();
    this.#weighing = new AbortController();
    const { signal } = this.#weighing;
    const { session, prepare, documents, post } = this.#options;
    const prepared = prepare(text.trim());
    await this.#attempt(async () => {
      const weight =
        prepared.kind === 'ask' && prepared.question !== ''
          ? await session.lookUp(
              weighQuestionRequest,
              { question: prepared.question, documents: [...documents()] },
              signal,
            )
          : null;
      if (!signal.aborted) post({ type: 'weight', question: text, weight });
    });
  }

  /** Stops what is under way. */
  dispose(): void {
    this.#suggesting.abort();
    this.#weighing.abort();
  }

  /** A help that fails costs nothing but itself. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.log.debug(`No help for a question: ${failureDetail(error)}`);
    }
  }
}
