/** The earlier conversation as tokens before the next question. */

import type { Answer } from '../../protocol/answer.ts';
import type { PastTurn } from '../../protocol/requests/ask.ts';
import type { NativeModel } from '../native/contract.ts';
import type { ChatFormat } from './chat-format.ts';
import { concatenate } from './tokens.ts';

/** The share of the tail for earlier turns that are tokenised again. */
const shortenedShare = 1 / 4;
/** The share of the tail for earlier turns as they were written. */
const writtenShare = 2 / 3;

/** The newest conversation as it was written, from its prompt's first token on. */
interface Written {
  /** `end`: the index after its answer's last token; null if the tokens lack a part of the turn. */
  readonly turns: readonly (PastTurn & { readonly end: number | null })[];
  readonly tokens: Int32Array;
  readonly attended: Answer['attended'];
}

/** What precedes a question. */
export interface Past {
  readonly tokens: Int32Array;
  /** What the tokens attend to and start with; null for plain turns. */
  readonly attended: Answer['attended'] | null;
  /** The number of newest turns included. */
  readonly turns: number;
}

/** The room in the tail for the earlier conversation. */
export interface PastRoom {
  readonly capacity: number;
  /** Tokens that the next question needs with the shortest answer. */
  readonly needed: number;
}

/** Remembers the newest conversation, so that it can continue from any turn. */
export class Transcript {
  readonly #chat: ChatFormat;
  readonly #model: Pick<NativeModel, 'tokenize'>;
  #written: Written | null = null;

  constructor(chat: ChatFormat, model: Pick<NativeModel, 'tokenize'>) {
    this.#chat = chat;
    this.#model = model;
  }

  /**
   * Records an answered turn.
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
   * Returns the tokens of earlier turns. If they begin the newest conversation and leave enough
   * room, they are returned as written and need not be computed again; else the newest turns that
   * fit, without the text that was read again for them.
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

  /** Returns the newest turns that fit the room, as plain turns. */
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
