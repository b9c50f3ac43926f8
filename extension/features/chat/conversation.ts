/** The turns of a chat and their changes, without side effects, which the controller has. */

import type { Answer } from '../../protocol/answer.ts';
import type { PastTurn } from '../../protocol/requests/ask.ts';
import { isWritten } from '../../protocol/webview.ts';
import type { Turn, TurnStatus } from '../../protocol/webview.ts';

/** Older turns would not fit any tail. */
const longestHistory = 50;

/** Turns in the order of their questions, at most one of them open. */
export class Conversation {
  /** Names the conversation among all that are kept. */
  readonly id: string;
  #turns: Turn[];
  #nextId: number;

  /**
   * @param firstId the number of its first turn; later ones follow
   * @param turns earlier ones, all of them closed, which are numbered anew
   */
  constructor(id: string, firstId = 1, turns: readonly Turn[] = []) {
    this.id = id;
    this.#turns = turns.map((turn, index) => ({ ...turn, id: firstId + index }));
    this.#nextId = firstId + turns.length;
  }

  /** The number that the next turn will have: no turn had it, not even one that was removed. */
  get nextId(): number {
    return this.#nextId;
  }

  /** A copy of the turns. */
  get turns(): readonly Turn[] {
    return [...this.#turns];
  }

  /** The turn that waits or is being answered, or null. */
  get open(): Turn | null {
    return this.#turns.find((turn) => isOpen(turn.status)) ?? null;
  }

  /**
   * Returns what the model wrote before the turn with this number, which may follow up on it;
   * without passages and failures, which the model did not write.
   */
  historyOf(id: number): readonly PastTurn[] {
    return this.#turns
      .filter((turn) => turn.id < id && isWritten(turn))
      .slice(-longestHistory)
      .map(({ question, answer }) => ({ question, answer }));
  }

  /** Returns the turn with this number. */
  find(id: number): Turn | null {
    return this.#turns.find((turn) => turn.id === id) ?? null;
  }

  /** Adds a question; null if another is open. */
  ask(question: string, status: 'waiting' | 'answering'): Turn | null {
    if (this.open !== null) return null;
    const turn: Turn = { id: this.#nextId++, question, answer: '', status: { kind: status } };
    this.#turns.push(turn);
    return turn;
  }

  /** Appends text to an open answer; the first text ends the waiting. */
  append(id: number, text: string): Turn | null {
    return this.#update(id, (turn) => ({
      ...turn,
      answer: turn.answer + text,
      status: { kind: 'answering' },
    }));
  }

  /** Appends to what the model writes for itself before an open answer; this ends the waiting. */
  reason(id: number, text: string): Turn | null {
    return this.#update(id, (turn) => ({
      ...turn,
      reasoning: (turn.reasoning ?? '') + text,
      status: { kind: 'answering' },
    }));
  }

  /** Completes the turn with the engine's answer, which has the reasoning as well. */
  finish(id: number, result: Answer): Turn | null {
    return this.#update(id, ({ question }) => ({
      id,
      question,
      answer: result.answer,
      status: { kind: 'done', result },
    }));
  }

  /** Marks the turn as stopped by the user before a result; what was written stays. */
  stop(id: number): Turn | null {
    return this.#update(id, (turn) => ({ ...turn, status: { kind: 'stopped' } }));
  }

  /** Marks the turn as failed; what was written stays. */
  fail(id: number, message: string): Turn | null {
    return this.#update(id, (turn) => ({ ...turn, status: { kind: 'failed', message } }));
  }

  /** Returns the turns before this one. */
  before(id: number): readonly Turn[] {
    return this.#turns.filter((turn) => turn.id < id);
  }

  /** Removes the last turn if it has this number and is closed, and returns it; else null. */
  removeLast(id: number): Turn | null {
    const last = this.#turns.at(-1);
    if (last?.id !== id || isOpen(last.status)) return null;
    this.#turns.pop();
    return last;
  }

  /** Puts a closed turn that was removed in place of the one that was asked after it. */
  restore(turn: Turn, replaced: number): void {
    this.#turns = this.#turns.map((other) => (other.id === replaced ? turn : other));
  }

  /** Changes a turn if it is open. */
  #update(id: number, change: (turn: Turn) => Turn): Turn | null {
    const index = this.#turns.findIndex((turn) => turn.id === id && isOpen(turn.status));
    const turn = this.#turns[index];
    if (turn === undefined) return null;
    const changed = change(turn);
    this.#turns[index] = changed;
    return changed;
  }
}

function isOpen(status: TurnStatus): boolean {
  return status.kind === 'waiting' || status.kind === 'answering';
}
