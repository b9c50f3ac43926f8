/**
 * Announcements for screen readers. Texts are removed once spoken, so that the answer is not in the
 * page twice.
 */

import type { Turn } from '../../extension/protocol/webview.ts';
import { element } from '../common/dom.ts';
import { Announcer } from './announce.ts';

/** How long a text stays, so that every screen reader notices it. */
const spokenMs = 2_000;
/** Longer pieces are truncated: they are too long for an announcement. */
const longestPiece = 1_000;

/** The hidden log of a conversation. */
export class LiveRegion {
  readonly root = element('div', {
    class: 'visually-hidden',
    role: 'log',
    attributes: { 'aria-live': 'polite', 'aria-relevant': 'additions' },
  });
  readonly #announcers = new Map<number, Announcer>();

  /** Marks turns of an earlier page as announced: those that have ended are not repeated. */
  skip(turns: readonly Turn[]): void {
    for (const turn of turns) {
      if (!this.#announcers.has(turn.id) && hasEnded(turn)) {
        this.#announcerOf(turn).next(turn.answer, true);
      }
    }
  }

  /** Announces the new part of an answer, possibly all of it: many messages are drawn at once. */
  follow(turn: Turn): void {
    const words = this.#announcerOf(turn).next(turn.answer, hasEnded(turn));
    if (words !== '') this.#say(words);
  }

  /** Drops removed turns and their pending announcements. */
  keepOnly(ids: ReadonlySet<number>): void {
    const gone = [...this.#announcers.keys()].filter((id) => !ids.has(id));
    for (const id of gone) this.#announcers.delete(id);
    if (gone.length > 0) this.root.replaceChildren();
  }

  #announcerOf({ id }: Turn): Announcer {
    const announcer = this.#announcers.get(id) ?? new Announcer();
    this.#announcers.set(id, announcer);
    return announcer;
  }

  #say(words: string): void {
    const text = words.length > longestPiece ? `${words.slice(0, longestPiece)}…` : words;
    const piece = element('p', {}, text);
    this.root.append(piece);
    setTimeout(() => {
      piece.remove();
    }, spokenMs);
  }
}

function hasEnded({ status }: Turn): boolean {
  return status.kind !== 'answering' && status.kind !== 'waiting';
}
