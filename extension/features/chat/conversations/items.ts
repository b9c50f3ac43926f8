/** Conversations as the lines of a list. */

import { plainLine } from '../../../protocol/plain-text.ts';
import { counted } from '../../../report/format.ts';
import { withoutIcons } from '../../editor/without-icons.ts';
import { titleOf } from './record.ts';
import type { ConversationRecord } from './record.ts';

/** A line of the list. */
export interface ConversationItem {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
}

/** The longest part of a question that a line shows and the search finds. */
const longestDetail = 200;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** The units of a time ago, in seconds, the largest that applies first. */
const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** Returns a line for each conversation: title, turns and time, and the last question below. */
export function conversationItems(
  records: readonly ConversationRecord[],
  openId: string,
  now: number,
): ConversationItem[] {
  return records.map((record) => {
    const { id, turns, changedAt } = record;
    const title = titleOf(record);
    const last = plainLine(turns.at(-1)?.question ?? '', longestDetail);
    const description = [
      id === openId ? 'open' : null,
      counted(turns.length, 'turn'),
      ago((now - changedAt) / 1000),
    ];
    return {
      id,
      label: withoutIcons(title),
      description: description.filter((part) => part !== null).join(', '),
      ...(last === title ? {} : { detail: withoutIcons(last) }),
    };
  });
}

/** Says how long ago something was: `just now`, `5 minutes ago`, `yesterday`. */
function ago(seconds: number): string {
  for (const [unit, length] of units) {
    if (seconds >= length) return relative.format(-Math.floor(seconds / length), unit);
  }
  return 'just now';
}
