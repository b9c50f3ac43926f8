/** In every state of the session, a question is either shown or handed back. */

import { expect, it } from 'vitest';
import { answerOf } from '../../../test/fixtures/answer.ts';
import { stage } from '../../../test/fixtures/chat-stage.ts';
import type { Stage } from '../../../test/fixtures/chat-stage.ts';
import { openResult } from '../../../test/fixtures/open-result.ts';
import { EngineRequestError } from '../../engine-client/client.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { Phase, Progress } from '../../protocol/notifications/progress.ts';
import type { Turn } from '../../protocol/webview.ts';
import type { Prepared } from './prepare-question.ts';

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

const ready: SessionState = { kind: 'ready', result, notice: null };
const broken = new EngineRequestError('internal', 'It broke.');

/** Asks, and answers with this text. */
async function converse(made: Stage, question: string, answer: string): Promise<void> {
  const asked = made.chat.ask(question);
  made.end(answerOf(answer));
  await asked;
}

const texts = (turns: readonly Turn[] | undefined): [string, string][] =>
  (turns ?? []).map(({ question, answer }) => [question, answer]);

it.each(states)(
  'shows a question, and hands back the next, while the session is %j',
  async (state, kind) => {
    const { chat, shown, refused } = stage(state);
    void chat.ask('What is X?');
    expect(shown()).toMatchObject([{ question: 'What is X?', status: { kind } }]);
    await chat.ask(' And Y? ');
    await chat.ask('And Z?');
    expect(refused).toEqual(['And Y?', 'And Z?']);
    expect(shown()).toHaveLength(1);
  },
);

it('keeps a question on screen that failed, and takes the next', async () => {
  const made = stage({ kind: 'failed', code: 'internal', message: 'It broke.' });
  const first = made.chat.ask('What is X?');
  made.end(broken);
  await first;
  const status = { kind: 'failed', message: 'It broke.' };
  expect(made.shown()).toMatchObject([{ question: 'What is X?', status }]);
  void made.chat.ask('And Y?');
  expect(made.shown()).toHaveLength(2);
  expect(made.refused).toEqual([]);
});

it('answers or refuses without the model what a command asks, and then takes the next', async () => {
  const prepared: Record<string, Prepared> = {
    '/memory': { kind: 'answered', answer: 'Nothing.' },
    '/fix': { kind: 'incomplete', message: 'Select code.' },
    '/tests': { kind: 'ask', question: 'Write tests for @a.ts:1' },
  };
  const { chat, book, shown } = stage({ kind: 'idle' }, (text) => {
    return prepared[text] ?? { kind: 'ask', question: text };
  });
  await chat.ask('/memory');
  await chat.ask(' /fix ');
  void chat.ask('/tests');
  expect(shown()).toMatchObject([
    { question: '/memory', answer: 'Nothing.', status: { kind: 'done' } },
    { question: '/fix', status: { kind: 'failed', message: 'Select code.' } },
    { question: 'Write tests for @a.ts:1', status: { kind: 'waiting' } },
  ]);
  expect(book.get(chat.conversationId)?.turns).toHaveLength(3);
});

it('ignores a question of nothing but spaces', async () => {
  const made = stage(ready);
  await made.chat.ask(' \n');
  expect([made.shown().length, made.refused.length]).toEqual([0, 0]);
});

it('keeps each conversation, and goes on from the one that is opened', async () => {
  const made = stage(ready);
  const { chat, book } = made;
  await converse(made, 'One?', '1');
  const first = chat.conversationId;
  chat.begin();
  expect([made.shown().length, chat.empty]).toEqual([0, true]);
  await converse(made, 'Two?', '2');
  expect(chat.open(first)).toBe(true);
  expect(texts(made.shown())).toEqual([['One?', '1']]);
  await converse(made, 'And?', '3');
  expect(made.asked.at(-1)?.history).toEqual([{ question: 'One?', answer: '1' }]);
  expect(book.list().map(({ turns }) => texts(turns))).toEqual(
    expect.arrayContaining([
      [['Two?', '2']],
      [
        ['One?', '1'],
        ['And?', '3'],
      ],
    ]),
  );
  expect(chat.open('00000000-0000-4000-8000-000000000000')).toBe(false);
  expect(new Set(made.opened).size).toBe(2);
});

it('keeps what was written when another conversation is opened, and shows nothing of it there', async () => {
  const made = stage(ready);
  const { chat, book } = made;
  const asked = chat.ask('One?');
  made.write('so far');
  const first = chat.conversationId;
  chat.begin();
  expect(texts(book.get(first)?.turns)).toEqual([['One?', 'so far']]);
  expect(book.get(first)?.turns[0]?.status.kind).toBe('stopped');
  made.write('late');
  made.end(answerOf('so far and late'));
  await asked;
  expect(made.shown()).toEqual([]);
  expect(texts(book.get(first)?.turns)).toEqual([['One?', 'so far']]);
});

it('does not keep a conversation that was deleted while it was answered', async () => {
  const made = stage(ready);
  const { chat, book } = made;
  const asked = chat.ask('One?');
  const first = chat.conversationId;
  chat.begin();
  book.remove(first);
  made.end(answerOf('1'));
  await asked;
  expect(book.list()).toEqual([]);
});

it('asks an edited question in place of the turns from there on, which stay on their own', async () => {
  const made = stage(ready);
  const { chat, book } = made;
  await converse(made, 'One?', '1');
  await converse(made, 'Two?', '2');
  await converse(made, 'Three?', '3');
  const before = chat.conversationId;
  const second = made.shown()[1]?.id ?? 0;
  const edited = chat.edit(second, 'Other?');
  made.end(answerOf('other'));
  await edited;
  const after = [
    ['One?', '1'],
    ['Other?', 'other'],
  ];
  expect(texts(made.shown())).toEqual(after);
  expect(made.asked.at(-1)?.history).toEqual([{ question: 'One?', answer: '1' }]);
  expect(texts(book.get(chat.conversationId)?.turns)).toEqual(after);
  expect(made.replaced).toEqual([before]);
  expect(texts(book.get(before)?.turns)).toHaveLength(3);
  const open = chat.ask('Open?');
  await chat.edit(made.shown()[0]?.id ?? 0, 'Now?');
  expect(made.refused).toEqual(['Now?']);
  made.end(broken);
  await open;
});

it('replaces in place an edited question that had no answer', async () => {
  const made = stage(ready);
  const failed = made.chat.ask('One?');
  made.end(broken);
  await failed;
  const id = made.chat.conversationId;
  const edited = made.chat.edit(made.shown()[0]?.id ?? 0, 'Again?');
  made.end(answerOf('1'));
  await edited;
  expect([made.chat.conversationId, made.replaced]).toEqual([id, []]);
  expect(made.book.list().map(({ turns }) => texts(turns))).toEqual([[['Again?', '1']]]);
});

it('writes the last answer again, differently, after the same turns', async () => {
  const made = stage(ready);
  await converse(made, 'One?', '1');
  await converse(made, 'Two?', '2');
  const again = made.chat.regenerate(made.shown()[1]?.id ?? 0);
  expect(texts(made.shown())).toEqual([
    ['One?', '1'],
    ['Two?', ''],
  ]);
  made.end(answerOf('2b'));
  await again;
  const [, second, third] = made.asked;
  expect(third?.history).toEqual(second?.history);
  expect([second?.temperature, (third?.temperature ?? 0) > 0]).toEqual([0, true]);
  const now = [
    ['One?', '1'],
    ['Two?', '2b'],
  ];
  expect(texts(made.shown())).toEqual(now);
  expect(texts(made.book.list()[0]?.turns)).toEqual(now);
  await made.chat.regenerate(made.shown()[0]?.id ?? 0);
  expect(made.asked).toHaveLength(3);
});

it.each([
  ['fails', broken, ['It broke.']],
  ['is stopped', answerOf('part', { stopReason: 'cancelled' }), []],
])('keeps the earlier answer where writing it again %s', async (_, outcome, reasons) => {
  const made = stage(ready);
  await converse(made, 'One?', '1');
  const again = made.chat.regenerate(made.shown()[0]?.id ?? 0);
  made.write('part');
  made.end(outcome);
  await again;
  expect(texts(made.shown())).toEqual([['One?', '1']]);
  expect(texts(made.book.list()[0]?.turns)).toEqual([['One?', '1']]);
  expect(made.notWritten).toEqual(reasons);
});

it('shows what the model writes for itself apart, and asks nothing with it', async () => {
  const made = stage(ready);
  const { chat } = made;
  const asked = chat.ask('One?');
  made.write('', 'It is ');
  made.write('', 'one.');
  expect(chat.turns).toMatchObject([{ answer: '', reasoning: 'It is one.' }]);
  made.write('1');
  expect(chat.turns).toMatchObject([{ answer: '1', reasoning: 'It is one.' }]);
  const reasoning = { text: 'It is one.', tokens: 4, cut: false };
  made.end({ ...answerOf('1'), reasoning });
  await asked;
  expect(made.shown()[0]).not.toHaveProperty('reasoning');
  expect(made.shown()[0]?.status).toMatchObject({ result: { reasoning } });
  const next = chat.ask('Two?');
  expect(made.asked.at(-1)?.history).toEqual([{ question: 'One?', answer: '1' }]);
  made.write('', 'Now');
  made.end(broken);
  await next;
  expect(made.shown()[1]).toMatchObject({ reasoning: 'Now', status: { kind: 'failed' } });
});
