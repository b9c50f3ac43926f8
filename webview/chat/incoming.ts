/** Checks the extension's messages to the chat. One invalid turn must not hide the others. */

import { z } from 'zod';
import { toChatSchema, turnSchema } from '../../extension/protocol/webview.ts';
import type { ToChat, Turn } from '../../extension/protocol/webview.ts';

export interface Incoming {
  /** null if nothing of the message can be used. */
  readonly message: ToChat | null;
  /** The faults of the message, for the log. */
  readonly faults: readonly string[];
}

/** The parts that every message with turns has, even if the turns are invalid. */
const outlineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('conversation'), turns: z.array(z.unknown()) }),
  z.object({ type: z.literal('turn'), turn: z.unknown() }),
]);

/** The parts of a turn without which it cannot be shown. */
const turnOutlineSchema = z.object({
  id: z.number().int().nonnegative(),
  question: z.string().catch(''),
  answer: z.string().catch(''),
});

/** Checks a message; keeps question and answer of invalid turns. */
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
