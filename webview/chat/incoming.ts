/** What the extension tells the chat. One turn that makes no sense must not hide the others. */

import { z } from 'zod';
import { toChatSchema, turnSchema } from '../../extension/protocol/webview.ts';
import type { ToChat, Turn } from '../../extension/protocol/webview.ts';

export interface Incoming {
  /** null where nothing of the message can be used. */
  readonly message: ToChat | null;
  /** What was wrong with it, for the log. */
  readonly faults: readonly string[];
}

/** What every message with turns has, however wrong the turns are. */
const outlineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('conversation'), turns: z.array(z.unknown()) }),
  z.object({ type: z.literal('turn'), turn: z.unknown() }),
]);

/** As much of a turn as can be shown. */
const turnOutlineSchema = z.object({
  id: z.number().int().nonnegative(),
  question: z.string().catch(''),
  answer: z.string().catch(''),
});

/** Checks a message; of turns that are wrong it keeps question and answer. */
export function readToChat(raw: unknown): Incoming {
  const checked = toChatSchema.safeParse(raw);
  if (checked.success) return { message: checked.data, faults: [] };
  const faults: string[] = [];
  const outline = outlineSchema.safeParse(raw);
  if (!outline.success) {
    return {
      message: null,
      faults: [`The view received an invalid message: ${checked.error.message}`],
    };
  }
  if (outline.data.type === 'turn') {
    const turn = readTurn(outline.data.turn, faults);
    return { message: turn === null ? null : { type: 'turn', turn }, faults };
  }
  const turns = outline.data.turns
    .map((turn) => readTurn(turn, faults))
    .filter((turn) => turn !== null);
  return { message: { type: 'conversation', turns }, faults };
}

function readTurn(raw: unknown, faults: string[]): Turn | null {
  const checked = turnSchema.safeParse(raw);
  if (checked.success) return checked.data;
  faults.push(`The view received an invalid turn: ${checked.error.message}`);
  const outline = turnOutlineSchema.safeParse(raw);
  if (!outline.success) return null;
  const message = 'Loci could not show all of this answer. See the log for the reason.';
  return { ...outline.data, status: { kind: 'failed', message } };
}
