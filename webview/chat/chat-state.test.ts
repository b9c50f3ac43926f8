import { describe, expect, it } from 'vitest';
import type { ToChat, Turn } from '../../extension/protocol/webview.ts';
import { initialChatState, isBusy, reduceChat } from './chat-state.ts';

const turn: Turn = { id: 1, question: 'Q', answer: '', status: { kind: 'answering' } };

function after(...messages: readonly ToChat[]): ReturnType<typeof reduceChat> {
  return messages.reduce(reduceChat, initialChatState);
}

describe('reduceChat', () => {
  it('adds a turn, streams into it and replaces it', () => {
    const streaming = after({ type: 'turn', turn }, { type: 'text', id: 1, text: 'ab' });
    expect(streaming.turns).toEqual([{ ...turn, answer: 'ab' }]);
    expect(isBusy(streaming)).toBe(true);
    const stopped: Turn = { ...turn, answer: 'abc', status: { kind: 'stopped' } };
    const ended = reduceChat(streaming, { type: 'turn', turn: stopped });
    expect(ended.turns).toEqual([stopped]);
    expect(isBusy(ended)).toBe(false);
  });

  it('leaves out text of turns that it does not know', () => {
    expect(after({ type: 'text', id: 9, text: 'x' }).turns).toEqual([]);
  });

  it('takes over a whole conversation', () => {
    const state = after(
      { type: 'turn', turn: { ...turn, id: 7 } },
      { type: 'conversation', turns: [turn] },
    );
    expect(state.turns).toEqual([turn]);
  });
});
