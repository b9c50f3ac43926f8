/** The turns of a chat, and what becomes of them. No effects: the controller has those. */

import type { Answer } from '../../protocol/answer.ts';
import type { PastTurn } from '../../protocol/requests/ask.ts';
import type { Turn, TurnStatus } from '../../protocol/webview.ts';

/** Older turns would not fit any tail. */
const longestHistory = 50;

/** Turns in the order of their questions, at most one of them open. */
export class Conversation {
  #turns: Turn[];
  #nextId: number;

  /** @param turns of an earlier session, all of them closed */
  constructor(turns: readonly Turn[] = []) {
    this.#turns = [...turns];
    this.#nextId = turns.reduce((most, { id }) => Math.max(most, id), 0) + 1;
  }

  /** A copy of the turns. */
  get turns(): readonly Turn[] {
    return [...this.#turns];
  }

  /** The turn that waits or is being answered. */
  get open(): Turn | null {
    return this.#turns.find((turn) => isOpen(turn.status)) ?? null;
  }

  /**
   * What the model wrote before the turn of that number, which may follow up on it. Passages and
   * failures are nothing that it said.
   */
  historyOf(id: number): readonly PastTurn[] {
    return this.#turns
      .filter((turn) => turn.id < id && isWritten(turn.status))
      .slice(-longestHistory)
      .map(({ question, answer }) => ({ question, answer }));
  }

  /** The turn of that number. */
  find(id: number): Turn | null {
    return this.#turns.find((turn) => turn.id === id) ?? null;
  }

  /** Adds a question; null while another is open. */
  ask(question: string, status: 'waiting' | 'answering'): Turn | null {
    if (this.open !== null) return null;
    const turn: Turn = { id: this.#nextId++, question, answer: '', status: { kind: status } };
    this.#turns.push(turn);
    return turn;
  }

  /** Adds text to an open answer; the first text ends the waiting. */
  append(id: number, text: string): Turn | null {
    return this.#update(id, (turn) => ({
      ...turn,
      answer: turn.answer + text,
      status: { kind: 'answering' },
    }));
  }

  /** The answer is complete, in the engine's words. */
  finish(id: number, result: Answer): Turn | null {
    return this.#update(id, (turn) => ({
      ...turn,
      answer: result.answer,
      status: { kind: 'done', result },
    }));
  }

  /** The user stopped it before there was a result; what was written stays. */
  stop(id: number): Turn | null {
    return this.#update(id, (turn) => ({ ...turn, status: { kind: 'stopped' } }));
  }

  /** It failed; what was written stays. */
  fail(id: number, message: string): Turn | null {
    return this.#update(id, (turn) => ({ ...turn, status: { kind: 'failed', message } }));
  }

  /** Starts over. */
  clear(): void {
    this.#turns = [];
  }

  /** Changes an open turn; a closed one stays as it is. */
  #update(id: number, change: (turn: Turn) => Turn): Turn | null {
    const index = this.#turns.findIndex((turn) => turn.id === id && isOpen(turn.status));
    const turn = this.#turns[index];
    if (turn === undefined) return null;
    const changed = change(turn);
    this.#turns[index] = changed;
    return changed;
  }
}

function isWritten(status: TurnStatus): boolean {
  return status.kind === 'done' && status.result.kind === 'text' && status.result.answer !== '';
}

function isOpen(status: TurnStatus): boolean {
  return status.kind === 'waiting' || status.kind === 'answering';
}
