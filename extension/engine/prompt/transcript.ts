/** What was said before in a conversation, as tokens in front of the next question. */

import type { Answer } from '../../protocol/answer.ts';
import type { PastTurn } from '../../protocol/requests/ask.ts';
import type { NativeModel } from '../native/contract.ts';
import type { ChatFormat } from './chat-format.ts';
import { concatenate } from './tokens.ts';

/** Of the tail, earlier turns that are written anew may take so much. */
const shortenedShare = 1 / 4;
/** Of the tail, earlier turns as they were written may take so much. */
const writtenShare = 2 / 3;

/** The newest conversation as it was written, from its prompt's first token on. */
interface Written {
  /** `end`: behind its answer's last token; null where the turn does not stand in the tokens whole. */
  readonly turns: readonly (PastTurn & { readonly end: number | null })[];
  readonly tokens: Int32Array;
  readonly attended: Answer['attended'];
}

/** What comes in front of a question. */
export interface Past {
  readonly tokens: Int32Array;
  /** What the tokens attend to and open with; null where they are plain turns. */
  readonly attended: Answer['attended'] | null;
  /** How many of the newest turns it has. */
  readonly turns: number;
}

/** How much of the tail there is for what was said before. */
export interface PastRoom {
  readonly capacity: number;
  /** Tokens that the next question takes with the least of an answer. */
  readonly needed: number;
}

/** Remembers the newest conversation, so that any turn of it can be gone on from. */
export class Transcript {
  readonly #chat: ChatFormat;
  readonly #model: Pick<NativeModel, 'tokenize'>;
  #written: Written | null = null;

  constructor(chat: ChatFormat, model: Pick<NativeModel, 'tokenize'>) {
    this.#chat = chat;
    this.#model = model;
  }

  /**
   * Takes a turn that was answered.
   * @param tokens from the prompt's first to the answer's last
   */
  keep(
    history: readonly PastTurn[],
    turn: PastTurn,
    tokens: Int32Array,
    attended: Answer['attended'],
  ): void {
    const before = this.#written;
    const turns = history.map((past, index) => {
      const known = before?.turns[index];
      const end = known !== undefined && isSame(past, known) ? known.end : null;
      const stands = end !== null && before !== null && beginAlike(before.tokens, tokens, end);
      return { ...past, end: stands ? end : null };
    });
    turns.push({ ...turn, end: tokens.length });
    this.#written = { turns, tokens, attended };
  }

  /**
   * The tokens of earlier turns: as they were written, so that they need not be computed again, where
   * they are the beginning of the newest conversation and enough room is left behind them; else the
   * newest turns that fit, without the text that was read again for them.
   */
  past(history: readonly PastTurn[], { capacity, needed }: PastRoom): Past {
    const last = history.length - 1;
    const written = this.#written;
    const same = history.every((past, index) => isSame(past, written?.turns[index]));
    const end = same ? written?.turns[last]?.end : null;
    if (written !== null && typeof end === 'number') {
      const tokens = concatenate(written.tokens.subarray(0, end), this.#chat.answerEnd);
      if (tokens.length <= Math.min(capacity * writtenShare, capacity - needed)) {
        return { tokens, attended: written.attended, turns: history.length };
      }
    }
    return this.plain(history, Math.min(capacity * shortenedShare, capacity - needed));
  }

  /** The newest turns that fit into so many tokens, as plain turns. */
  plain(history: readonly PastTurn[], room: number): Past {
    const turns: Int32Array[] = [];
    let left = room;
    for (const { question, answer } of history.toReversed()) {
      const turn = concatenate(
        this.#chat.question(question),
        this.#model.tokenize(answer, { special: false }),
        this.#chat.answerEnd,
      );
      if (turn.length > left) break;
      left -= turn.length;
      turns.unshift(turn);
    }
    return { tokens: concatenate(...turns), attended: null, turns: turns.length };
  }
}

function isSame(one: PastTurn, other: PastTurn | undefined): boolean {
  return one.question === other?.question && one.answer === other.answer;
}

function beginAlike(one: Int32Array, other: Int32Array, length: number): boolean {
  return one.subarray(0, length).every((token, index) => token === other[index]);
}
