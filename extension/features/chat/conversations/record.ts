/** A conversation as it is kept: its turns and what a list shows of it, within bounds. */

import { z } from 'zod';
import { plainLine } from '../../../protocol/plain-text.ts';
import { turnSchema } from '../../../protocol/webview.ts';
import type { Turn } from '../../../protocol/webview.ts';

/** The format of a kept conversation; another one is not read. */
const version = 1;
const mostTurns = 200;
/** The limit of one conversation in characters of JSON. */
export const longestConversation = 1_000_000;
/** The limit of a title in characters. */
export const longestTitle = 100;

export const recordSchema = z.object({
  version: z.literal(version),
  id: z.uuid(),
  /** Given by the user; null: the first question. */
  title: z.string().min(1).max(longestTitle).nullable(),
  /** When a turn was last added or finished, in milliseconds since 1970. */
  changedAt: z.number().int().nonnegative().max(8.64e15),
  /** The oldest first. */
  turns: z.array(turnSchema).min(1).max(mostTurns),
});
/** A conversation as it is kept. */
export type ConversationRecord = Readonly<z.infer<typeof recordSchema>>;

/** Makes a record of turns; of too many or too long turns, the newest. Null if there are none. */
export function recordOf(
  id: string,
  title: string | null,
  changedAt: number,
  turns: readonly Turn[],
): ConversationRecord | null {
  const kept: Turn[] = [];
  let length = 0;
  for (const turn of turns.slice(-mostTurns).toReversed()) {
    length += JSON.stringify(turn).length;
    if (length > longestConversation) break;
    kept.unshift(turn);
  }
  if (kept.length === 0) return null;
  // The schema's arrays are mutable, the turns' are not; nothing changes either.
  return { version, id, title, changedAt, turns: kept as ConversationRecord['turns'] };
}

/** Returns the title that the user gave, or the first question, on one line. */
export function titleOf({ title, turns }: ConversationRecord): string {
  return title ?? plainLine(turns[0]?.question ?? '', longestTitle);
}

/** Returns its turns; those that were open when the editor closed are stopped. */
export function closedTurns({ turns }: ConversationRecord): Turn[] {
  return turns.map((turn) => {
    const { kind } = turn.status;
    const open = kind === 'waiting' || kind === 'answering';
    return open ? { ...turn, status: { kind: 'stopped' } } : turn;
  });
}
