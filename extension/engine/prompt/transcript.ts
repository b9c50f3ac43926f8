/** What was said before in a conversation, as tokens in front of the next question. */

import type { Answer } from '../../protocol/answer.ts';
import type { PastTurn } from '../../protocol/requests/ask.ts';
import type { NativeModel } from '../native/contract.ts';
import type { ChatFormat } from './chat-format.ts';
import { concatenate } from './tokens.ts';

/** Of the tail, earlier turns that are written anew may take so much. */
const shortenedShare = 1 / 4;
/** So much of it is left to the next question, what is read again for it and its answer. */
const leastRoom = 1 / 3;

/** A conversation up to an answer, with the tokens that stand in the tail for it. */
interface Written {
  readonly history: readonly PastTurn[];
  /** From the prompt's first token to the answer's last. */
  readonly tokens: Int32Array;
  readonly attended: Answer['attended'];
}

/** What comes in front of a question. */
export interface Past {
  readonly tokens: Int32Array;
  /** What the tokens attend to and open with; null where they are plain turns. */
  readonly attended: Answer['attended'] | null;
  /** Whether some of what was said is missing: its recalled text, or whole turns. */
  readonly shortened: boolean;
}

/** Remembers the newest conversation as it was written. */
export class Transcript {
  #written: Written | null = null;

  /** @param written null where what was written cannot be gone on from. */
  keep(written: Written | null): void {
    this.#written = written;
  }

  /**
   * The tokens of earlier turns: as they were written, so that they need not be computed again, where
   * it is the same conversation and enough room is left behind them; else the newest turns that fit,
   * without the text that was read again for them.
   * @param capacity of the tail
   */
  past(
    history: readonly PastTurn[],
    capacity: number,
    chat: ChatFormat,
    model: Pick<NativeModel, 'tokenize'>,
  ): Past {
    if (history.length === 0) return { tokens: new Int32Array(), attended: null, shortened: false };
    const written = this.#written;
    if (written !== null && sameTurns(written.history, history)) {
      const tokens = concatenate(written.tokens, chat.answerEnd);
      if (tokens.length <= capacity * (1 - leastRoom)) {
        return { tokens, attended: written.attended, shortened: false };
      }
    }
    return { ...this.plain(history, capacity, chat, model), attended: null };
  }

  /** The newest turns that fit, as plain turns. */
  plain(
    history: readonly PastTurn[],
    capacity: number,
    chat: ChatFormat,
    model: Pick<NativeModel, 'tokenize'>,
  ): { readonly tokens: Int32Array; readonly shortened: boolean } {
    const turns: Int32Array[] = [];
    let room = Math.floor(capacity * shortenedShare);
    for (const { question, answer } of history.toReversed()) {
      const turn = concatenate(
        chat.question(question),
        model.tokenize(answer, { special: false }),
        chat.answerEnd,
      );
      if (turn.length > room) break;
      room -= turn.length;
      turns.unshift(turn);
    }
    return { tokens: concatenate(...turns), shortened: turns.length < history.length };
  }
}

function sameTurns(one: readonly PastTurn[], other: readonly PastTurn[]): boolean {
  return (
    one.length === other.length &&
    one.every(
      ({ question, answer }, index) =>
        question === other[index]?.question && answer === other[index].answer,
    )
  );
}
