/** Keeps the turns of a chat from one session of the editor to the next. */

import { z } from 'zod';
import { turnSchema } from '../../protocol/webview.ts';
import type { Turn } from '../../protocol/webview.ts';

const key = 'loci.conversation';
const mostTurns = 50;
/** The limit in characters of JSON. */
const longest = 1_000_000;

/** Storage that outlives a session. */
export interface Store {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** Keeps turns in the editor's state for the workspace; if all are too many, the newest. */
export class KeptConversation {
  readonly #store: Store;
  readonly #wanted: () => boolean;

  /** @param wanted returns whether anything should be kept */
  constructor(store: Store, wanted: () => boolean) {
    this.#store = store;
    this.#wanted = wanted;
  }

  /** Returns the turns of the previous session, all closed; none if they are invalid. */
  load(): Turn[] {
    if (!this.#wanted()) return [];
    const kept = z.array(turnSchema).max(mostTurns).safeParse(this.#store.get(key));
    return kept.success ? kept.data.map(closed) : [];
  }

  /** Replaces the kept turns. */
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

/** Marks a turn that was open when the editor closed as stopped. */
function closed(turn: Turn): Turn {
  const { kind } = turn.status;
  return kind === 'waiting' || kind === 'answering'
    ? { ...turn, status: { kind: 'stopped' } }
    : turn;
}
