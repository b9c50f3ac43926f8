/**
 * What a screen reader is told without being asked. The texts are taken away once they have been
 * spoken: the answer itself is in the page, and is not to be found there twice.
 */

import type { Turn } from '../../extension/protocol/webview.ts';
import { element } from '../common/dom.ts';
import { Announcer } from './announce.ts';

/** How long a text stays, so that every screen reader has taken notice of it. */
const spokenMs = 2_000;
/** Longer pieces are broken off: they are too long to hear unasked. */
const longestPiece = 1_000;

/** The hidden log of one conversation. */
export class LiveRegion {
  readonly root = element('div', {
    class: 'visually-hidden',
    role: 'log',
    attributes: { 'aria-live': 'polite', 'aria-relevant': 'additions' },
  });
  readonly #announcers = new Map<number, Announcer>();

  /** Takes turns of an earlier page as said: those that have ended are not said again. */
  skip(turns: readonly Turn[]): void {
    for (const turn of turns) {
      if (!this.#announcers.has(turn.id) && hasEnded(turn)) {
        this.#announcerOf(turn).next(turn.answer, true);
      }
    }
  }

  /** Says what is new of an answer, which may come complete: many messages are drawn at once. */
  follow(turn: Turn): void {
    const words = this.#announcerOf(turn).next(turn.answer, hasEnded(turn));
    if (words !== '') this.#say(words);
  }

  /** Forgets the turns that are gone, and what was to be said of them. */
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
