/** Connects the open conversation, the engine and the view. */

import { randomInt, randomUUID } from 'node:crypto';
import type { OnAnswerText } from '../../engine-client/client.ts';
import { failureDetail, failureSentence } from '../../engine-client/failure.ts';
import { isCode } from '../../engine-client/is-code.ts';
import type { EngineSession } from '../../engine-client/session.ts';
import { answersNow } from '../../engine-client/session-state.ts';
import type { Answer } from '../../protocol/answer.ts';
import { longestAnswerTokens } from '../../protocol/requests/ask.ts';
import type { AskParameters, OpenDocument, RecallMode } from '../../protocol/requests/ask.ts';
import type { ToChat, Turn } from '../../protocol/webview.ts';
import { Conversation } from './conversation.ts';
import type { ConversationBook } from './conversations/book.ts';
import { closedTurns } from './conversations/record.ts';
import { ownAnswer } from './own-answer.ts';
import type { Prepared } from './prepare-question.ts';
import { TextBatch } from './text-batch.ts';

export interface ChatControllerOptions {
  readonly session: Pick<EngineSession, 'state' | 'ask'>;
  /** @throws if the setting is invalid */
  readonly recallMode: () => RecallMode;
  /** What editors show and is not saved. */
  readonly documents: () => readonly OpenDocument[];
  /** The question that is asked in place of what is written. */
  readonly prepare: (text: string) => Prepared;
  readonly post: (message: ToChat) => void;
  /** Called with a question asked while another was open, so that it is not lost. */
  readonly onRefused: (question: string) => void;
  /** Keeps conversations, this one among them. */
  readonly kept: Pick<ConversationBook, 'get' | 'begin' | 'save'>;
  /** Called with the conversation that is open from now on. */
  readonly onOpened: (id: string) => void;
  /** Called with the conversation that holds the turns which an edited question replaced. */
  readonly onReplaced: (id: string) => void;
  /** Called with the reason for which an answer could not be written again; the earlier one stays. */
  readonly onNotWritten: (reason: string) => void;
  /** Records why a question was not answered. */
  readonly log: { error(text: string): void };
  /** Called when an answer begins and when it ends. */
  readonly onAnswering: (answering: boolean) => void;
}

/** How an answer is sampled; the same question has the same answer at temperature 0. */
type Sampling = Pick<AskParameters, 'seed' | 'temperature'>;

const surest: Sampling = { seed: 0, temperature: 0 };
/** The temperature of an answer that is to differ from the one before. */
const variedTemperature = 0.7;

/** A chat. It outlives the view, which may be hidden and shown again at any time. */
export class ChatController {
  readonly #options: ChatControllerOptions;
  #conversation = new Conversation(randomUUID());
  #abort: AbortController | null = null;
  #flush: () => void = () => undefined;
  /** Ends the open turn of the conversation and keeps it. */
  #settle: () => void = () => undefined;

  /** @param options the connected parts */
  constructor(options: ChatControllerOptions) {
    this.#options = options;
  }

  /** Whether an answer is in progress. */
  get answering(): boolean {
    return this.#abort !== null;
  }

  /** Whether the open conversation has no turn. */
  get empty(): boolean {
    return this.#conversation.turns.length === 0;
  }

  /** The name of the open conversation, which is kept once it has a turn. */
  get conversationId(): string {
    return this.#conversation.id;
  }

  /** A copy of the turns of the open conversation. */
  get turns(): readonly Turn[] {
    this.#flush();
    return this.#conversation.turns;
  }

  /** Returns the whole state for a view that has just been shown. */
  snapshot(): ToChat {
    return { type: 'conversation', turns: [...this.turns] };
  }

  /** Returns the text of an answer, for the clipboard. */
  answerText(id: number): string | null {
    return this.#conversation.find(id)?.answer ?? null;
  }

  /** Asks; refuses if another question is open. Shows the outcome and never throws. */
  async ask(text: string): Promise<void> {
    const written = text.trim();
    if (written === '') return;
    const prepared = this.#options.prepare(written);
    const turn = this.#begin(prepared.kind === 'ask' ? prepared.question : written, written);
    if (turn === null) return;
    const conversation = this.#conversation;
    const asked =
      prepared.kind === 'ask'
        ? turn
        : prepared.kind === 'answered'
          ? conversation.finish(turn.id, ownAnswer(written, prepared.answer))
          : conversation.fail(turn.id, prepared.message);
    const { id, turns } = conversation;
    if (this.#options.kept.get(id) === null) this.#options.kept.begin(id, turns);
    else this.#options.kept.save(id, turns);
    this.#options.onOpened(id);
    this.#show(conversation, asked);
    if (prepared.kind === 'ask') await this.#run(turn, surest, null);
  }

  /**
   * Asks another question in place of one; its answer and all later turns go. What was answered
   * there stays as a conversation of its own.
   */
  async edit(id: number, text: string): Promise<void> {
    const before = this.#conversation;
    if (text.trim() === '' || before.find(id) === null) return;
    if (before.open !== null) {
      this.#options.onRefused(text.trim());
      return;
    }
    const loses = before.turns.some((turn) => turn.id >= id && turn.answer !== '');
    const kept = loses ? randomUUID() : before.id;
    this.#open(new Conversation(kept, before.nextId, before.before(id)));
    if (loses) this.#options.onReplaced(before.id);
    await this.ask(text);
  }

  /**
   * Writes the last answer again, differently. If that fails or is stopped, the earlier one stays.
   * @param id the number of the last turn; does nothing for any other or an open one
   */
  async regenerate(id: number): Promise<void> {
    const conversation = this.#conversation;
    const earlier = conversation.removeLast(id);
    const turn = earlier === null ? null : this.#begin(earlier.question, earlier.question);
    if (turn === null) return;
    this.#options.post(this.snapshot());
    const seed = randomInt(2 ** 32);
    await this.#run(turn, { seed, temperature: variedTemperature }, earlier);
  }

  /** Stops the current answer; what was written stays. */
  stop(): void {
    this.#abort?.abort();
  }

  /** Begins a conversation without turns. */
  begin(): void {
    this.#open(new Conversation(randomUUID(), this.#conversation.nextId));
    this.#options.onOpened(this.conversationId);
  }

  /** Shows a kept conversation, which goes on from its last turn; false if there is none. */
  open(id: string): boolean {
    const record = this.#options.kept.get(id);
    if (record === null) return false;
    if (id === this.conversationId) return true;
    this.#open(new Conversation(id, this.#conversation.nextId, closedTurns(record)));
    this.#options.onOpened(id);
    return true;
  }

  #open(conversation: Conversation): void {
    this.stop();
    // The engine may take a while to stop; what it wrote until now is kept.
    this.#settle();
    this.#conversation = conversation;
    this.#options.post(this.snapshot());
  }

  /** Adds a question; null if another is open. @param written what to give back then */
  #begin(question: string, written: string): Turn | null {
    const now = answersNow(this.#options.session.state);
    const turn = this.#conversation.ask(question, now ? 'answering' : 'waiting');
    if (turn === null) this.#options.onRefused(written);
    return turn;
  }

  /** @param earlier the turn that this one replaces if it is answered */
  async #run(turn: Turn, sampling: Sampling, earlier: Turn | null): Promise<void> {
    const conversation = this.#conversation;
    const abort = new AbortController();
    const settle = (): void => {
      this.#flush();
      conversation.stop(turn.id);
      if (earlier !== null) this.#keepEarlier(conversation, turn.id, earlier);
      this.#options.kept.save(conversation.id, conversation.turns);
    };
    this.#abort = abort;
    this.#settle = settle;
    this.#options.onAnswering(true);
    try {
      await this.#answer(conversation, turn, sampling, abort.signal);
    } finally {
      settle();
      if (this.#settle === settle) this.#settle = () => undefined;
      if (this.#abort === abort) {
        this.#abort = null;
        this.#options.onAnswering(false);
      }
    }
  }

  /** Puts the earlier turn back if the new one was not answered to its end. */
  #keepEarlier(conversation: Conversation, id: number, earlier: Turn): void {
    const status = conversation.find(id)?.status;
    if (status === undefined || (status.kind === 'done' && !isCancelled(status.result))) return;
    conversation.restore(earlier, id);
    if (conversation === this.#conversation) this.#options.post(this.snapshot());
    if (status.kind === 'failed') this.#options.onNotWritten(status.message);
  }

  async #answer(
    conversation: Conversation,
    asked: Turn,
    sampling: Sampling,
    signal: AbortSignal,
  ): Promise<void> {
    const { id } = asked;
    const batch = (type: 'text' | 'reasoning'): TextBatch =>
      new TextBatch((text) => {
        const waited = conversation.find(id)?.status.kind === 'waiting';
        const turn =
          type === 'text' ? conversation.append(id, text) : conversation.reason(id, text);
        if (turn === null || conversation !== this.#conversation) return;
        if (waited) this.#show(conversation, turn);
        else this.#options.post({ type, id, text });
      });
    const [reasoning, answer] = [batch('reasoning'), batch('text')];
    const flush = (): void => {
      reasoning.flush();
      answer.flush();
    };
    this.#flush = flush;
    const onText: OnAnswerText = (text, _, thought) => {
      if (thought !== '') reasoning.push(thought);
      if (text !== '') answer.push(text);
    };
    try {
      const parameters = this.#parameters(conversation, asked, sampling);
      const result = await this.#options.session.ask(parameters, onText, signal);
      flush();
      this.#show(conversation, conversation.finish(id, result));
    } catch (error) {
      flush();
      if (signal.aborted || isCode(error, 'cancelled')) {
        this.#show(conversation, conversation.stop(id));
        return;
      }
      this.#options.log.error(failureDetail(error));
      this.#show(conversation, conversation.fail(id, failureSentence(error)));
    }
  }

  #parameters(
    conversation: Conversation,
    { id, question }: Turn,
    sampling: Sampling,
  ): AskParameters {
    return {
      question,
      recall: this.#options.recallMode(),
      maxTokens: longestAnswerTokens,
      ...sampling,
      history: conversation.historyOf(id),
      documents: this.#options.documents(),
    };
  }

  /** Shows a turn unless another conversation is open by now. */
  #show(conversation: Conversation, turn: Turn | null): void {
    if (turn !== null && conversation === this.#conversation) {
      this.#options.post({ type: 'turn', turn });
    }
  }
}

function isCancelled({ stopReason }: Answer): boolean {
  return stopReason === 'cancelled';
}
