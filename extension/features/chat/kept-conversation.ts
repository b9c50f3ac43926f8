/** The turns of a chat, from one session of the editor to the next. */

import { z } from 'zod';
import { turnSchema } from '../../protocol/webview.ts';
import type { Turn } from '../../protocol/webview.ts';

const key = 'loci.conversation';
const mostTurns = 50;
/** In characters of JSON. */
const longest = 1_000_000;

/** Where values outlive a session. */
export interface Store {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** Kept in the editor's state for the workspace, the newest turns first where all are too many. */
export class KeptConversation {
  readonly #store: Store;
  readonly #wanted: () => boolean;

  /** @param wanted whether anything is to be kept now */
  constructor(store: Store, wanted: () => boolean) {
    this.#store = store;
    this.#wanted = wanted;
  }

  /** The turns of the session before, each of them closed; none where they are not sound. */
  load(): Turn[] {
    if (!this.#wanted()) return [];
    const kept = z.array(turnSchema).max(mostTurns).safeParse(this.#store.get(key));
    return kept.success ? kept.data.map(closed) : [];
  }

  /** Keeps turns in place of those before. */
  save(turns: readonly Turn[]): void {
    const kept: Turn[] = [];
    let length = 0;
    if (this.#wanted()) {
      for (const turn of turns.slice(-mostTurns).toReversed()) {
        length += JSON.stringify(turn).length;
        if (length > longest) break;
        kept.unshift(turn);
      }
    }
    void this.#store.update(key, kept.length === 0 ? undefined : kept);
  }
}

/** What was being answered when the editor was closed has stopped. */
function closed(turn: Turn): Turn {
  const { kind } = turn.status;
  return kind === 'waiting' || kind === 'answering'
    ? { ...turn, status: { kind: 'stopped' } }
    : turn;
}
