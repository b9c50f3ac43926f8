/** The state of the chat, and how messages change it. */

import type { SessionView, ToChat, Turn } from '../../extension/protocol/webview.ts';

export interface ChatState {
  readonly session: SessionView;
  readonly turns: readonly Turn[];
}

export const initialChatState: ChatState = { session: { kind: 'idle' }, turns: [] };

/** Returns the state after a message. Ignores messages for an unknown turn. */
export function reduceChat(state: ChatState, message: ToChat): ChatState {
  switch (message.type) {
    case 'session':
      return { ...state, session: message.session };
    case 'conversation':
      return { ...state, turns: message.turns };
    case 'turn': {
      const { turn } = message;
      const known = state.turns.some(({ id }) => id === turn.id);
      return {
        ...state,
        turns: known
          ? state.turns.map((other) => (other.id === turn.id ? turn : other))
          : [...state.turns, turn],
      };
    }
    case 'text':
      return changed(state, message.id, (turn) => ({
        ...turn,
        answer: turn.answer + message.text,
      }));
    case 'reasoning':
      return changed(state, message.id, (turn) => ({
        ...turn,
        reasoning: (turn.reasoning ?? '') + message.text,
      }));
    case 'focus':
    case 'draft':
    case 'dropped':
    case 'suggestions':
    case 'weight':
    case 'selection':
      return state;
  }
}

function changed(state: ChatState, id: number, change: (turn: Turn) => Turn): ChatState {
  return { ...state, turns: state.turns.map((turn) => (turn.id === id ? change(turn) : turn)) };
}

/** Returns whether a question is open: then the button stops it, and no other can be asked. */
export function isBusy({ turns }: ChatState): boolean {
  const kind = turns.at(-1)?.status.kind;
  return kind === 'waiting' || kind === 'answering';
}
