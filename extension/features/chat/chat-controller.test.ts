/** In every state of the session, a question is either shown or handed back. */

import { expect, it } from 'vitest';
import { openResult } from '../../../test/fixtures/open-result.ts';
import { EngineRequestError } from '../../engine-client/client.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { Answer } from '../../protocol/answer.ts';
import type { Turn } from '../../protocol/webview.ts';
import { ChatController } from './chat-controller.ts';
import type { Prepared } from './prepare-question.ts';

const result = openResult();
const begun = { cause: 'requested', progress: null, cancelling: false, notice: null } as const;
const estimate = { tokens: 1, seconds: null, folders: [] };

/** All states, and the status of an open question in each. */
const states: readonly [SessionState, Turn['status']['kind']][] = [
  [{ kind: 'idle' }, 'waiting'],
  [{ kind: 'counting', files: 3 }, 'waiting'],
  [{ kind: 'proposed', estimate }, 'waiting'],
  [{ kind: 'reading', ...begun, result: null }, 'waiting'],
  [{ kind: 'reading', ...begun, result }, 'answering'],
  [{ kind: 'ready', result, notice: null }, 'answering'],
  [{ kind: 'cancelled' }, 'waiting'],
  [{ kind: 'restarting', message: 'It crashed.', delayMs: 1 }, 'waiting'],
  [{ kind: 'failed', code: 'internal', message: 'It broke.' }, 'waiting'],
];

interface Stage {
  readonly chat: ChatController;
  readonly refused: string[];
  /** The turns that each save kept. */
  readonly saved: readonly (readonly Turn[])[];
  /** The turns that a view shows. */
  readonly turns: Map<number, Turn>;
  /** Ends the open request. */
  end: (error: Error) => void;
}

function stage(
  state: SessionState,
  kept: Turn[] = [],
  prepare: (text: string) => Prepared = (question) => ({ kind: 'ask', question }),
): Stage {
  const saved: (readonly Turn[])[] = [];
  const refused: string[] = [];
  const turns = new Map<number, Turn>();
  const made: Stage = {
    refused,
    saved,
    turns,
    end: () => undefined,
    chat: new ChatController({
      session: {
        state,
        ask: () =>
          new Promise<Answer>((_, reject) => {
            made.end = reject;
          }),
      },
      kept: { load: () => kept, save: (all) => void saved.push(all) },
      recallMode: () => 'both',
      documents: () => [],
      prepare,
      post: (message) => {
        if (message.type === 'turn') turns.set(message.turn.id, message.turn);
      },
      onRefused: (question) => void refused.push(question),
      onAnswering: () => undefined,
      log: { error: () => undefined },
    }),
  };
  return made;
}

it.each(states)(
  'shows a question, and hands back the next, while the session is %j',
  async (state, kind) => {
    const { chat, turns, refused } = stage(state);
    void chat.ask('What is X?');
    expect([...turns.values()]).toMatchObject([{ question: 'What is X?', status: { kind } }]);
    await chat.ask(' And Y? ');
    await chat.ask('And Z?');
    expect(refused).toEqual(['And Y?', 'And Z?']);
    expect(turns.size).toBe(1);
  },
);

it('keeps a question on screen that failed, and takes the next', async () => {
  const made = stage({ kind: 'failed', code: 'internal', message: 'It broke.' });
  const first = made.chat.ask('What is X?');
  made.end(new EngineRequestError('internal', 'It broke.'));
  await first;
  const status = { kind: 'failed', message: 'It broke.' };
  expect([...made.turns.values()]).toMatchObject([{ question: 'What is X?', status }]);
  void made.chat.ask('And Y?');
  expect(made.turns.size).toBe(2);
  expect(made.refused).toEqual([]);
});

it('answers or refuses without the model what a command asks, and then takes the next', async () => {
  const prepared: Record<string, Prepared> = {
    '/memory': { kind: 'answered', answer: 'Nothing.' },
    '/fix': { kind: 'incomplete', message: 'Select code.' },
    '/tests': { kind: 'ask', question: 'Write tests for @a.ts:1' },
  };
  const { chat, turns, saved } = stage({ kind: 'idle' }, [], (text) => {
    return prepared[text] ?? { kind: 'ask', question: text };
  });
  await chat.ask('/memory');
  await chat.ask(' /fix ');
  void chat.ask('/tests');
  expect([...turns.values()]).toMatchObject([
    { question: '/memory', answer: 'Nothing.', status: { kind: 'done' } },
    { question: '/fix', status: { kind: 'failed', message: 'Select code.' } },
    { question: 'Write tests for @a.ts:1', status: { kind: 'waiting' } },
  ]);
  expect(saved).toHaveLength(2);
});

it('ignores a question of nothing but spaces', async () => {
  const made = stage({ kind: 'ready', result, notice: null });
  await made.chat.ask(' \n');
  expect([made.turns.size, made.refused.length]).toEqual([0, 0]);
});

it('begins with the turns of the session before, and keeps what follows', async () => {
  const before: Turn = { id: 7, question: 'Then?', answer: 'Yes.', status: { kind: 'stopped' } };
  const made = stage({ kind: 'ready', result, notice: null }, [before]);
  const { chat, saved } = made;
  expect(chat.snapshot()).toEqual({ type: 'conversation', turns: [before] });
  expect(chat.answerText(7)).toBe('Yes.');
  const asked = chat.ask('Now?');
  made.end(new EngineRequestError('internal', 'It broke.'));
  await asked;
  expect(saved.at(-1)?.map(({ id, status }) => [id, status.kind])).toEqual([
    [7, 'stopped'],
    [8, 'failed'],
  ]);
  chat.clear();
  expect(saved.at(-1)).toEqual([]);
});
