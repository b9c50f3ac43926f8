import { expect, it } from 'vitest';
import type { Turn } from '../../../protocol/webview.ts';
import { conversationItems } from './items.ts';
import { recordOf } from './record.ts';

const now = Date.UTC(2030, 0, 1);

function turn(question: string): Turn {
  return { id: 1, question, answer: '', status: { kind: 'stopped' } };
}

function item(id: string, title: string | null, secondsAgo: number, questions: string[]): object {
  const record = recordOf(id, title, now - 1000 * secondsAgo, questions.map(turn));
  return conversationItems(record === null ? [] : [record], 'open', now)[0] ?? {};
}

it('shows title, number of turns, time, and the last question where it is another', () => {
  expect(item('a', null, 10, ['What is\nX?'])).toEqual({
    id: 'a',
    label: 'What is X?',
    description: '1 turn, just now',
  });
  expect(item('open', 'Mine', 7_300, ['One?', 'Two?'])).toEqual({
    id: 'open',
    label: 'Mine',
    description: 'open, 2 turns, 2 hours ago',
    detail: 'Two?',
  });
  expect(item('a', null, 90_000, ['One?'])).toMatchObject({ description: '1 turn, yesterday' });
});

it('shows a question to the letter, with no icon and nothing hidden', () => {
  expect(item('a', null, 0, ['$(trash) \u202eX?'])).toMatchObject({
    label: '\\$(trash) \uFFFDX?',
  });
});
