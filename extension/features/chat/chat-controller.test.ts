/** In every state of the session, a question is either shown or handed back. */

import { expect, it } from 'vitest';
import { openResult } from '../../../test/fixtures/open-result.ts';
import { EngineRequestError } from '../../engine-client/client.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { Phase, Progress } from '../../protocol/notifications/progress.ts';
import type { Answer } from '../../protocol/answer.ts';
import type { Turn } from '../../protocol/webview.ts';
import { ChatController } from './chat-controller.ts';

const result = openResult();
const begun = { cause: 'requested', progress: null, cancelling: false, notice: null } as const;
const estimate = { tokens: 1, seconds: null, folders: [] };

function progressOf(phase: Phase, tokens: number, etaSeconds: number | null): Progress {
  const files = { files: 1, totalFiles: 9, totalTokens: 640 };
  return {
    phase,
    tokens,
    etaSeconds,
    ...files,
    tokensPerSecond: 7,
    heldTokens: 0,
    budgetTokens: 9,
  };
}

/** All states, and the status of an open question in each. */
const states: readonly [SessionState, Turn['status']['kind']][] = [
  [{ kind: 'idle' }, 'waiting'],
  [{ kind: 'counting', files: 3 }, 'waiting'],
  [{ kind: 'proposed', estimate }, 'waiting'],
  [{ kind: 'reading', ...begun, result: null }, 'waiting'],
  [{ kind: 'reading', ...begun, progress: progressOf('loading', 0, 90), result: null }, 'waiting'],
  [{ kind: 'reading', ...begun, progress: progressOf('reading', 0, 90), result: null }, 'waiting'],
  [{ kind: 'reading', ...begun, progress: progressOf('reading', 64, 9), result: null }, 'waiting'],
  [
    { kind: 'reading', ...begun, progress: progressOf('reading', 64, null), result: null },
    'waiting',
  ],
  [
    { kind: 'reading', ...begun, progress: progressOf('reading', 64, 90), result: null },
    'answering',
  ],
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

function stage(state: SessionState, kept: Turn[] = []): Stage {
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
