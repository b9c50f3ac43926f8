/** The buttons of an answer's code. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Answer } from '../../extension/protocol/answer.ts';
import type { Turn } from '../../extension/protocol/webview.ts';
import { answerOf } from '../fixtures/answer.ts';
import { ViewPage } from './support/page.ts';

let chat: ViewPage;

beforeEach(async () => {
  chat = await ViewPage.open();
});

afterEach(async () => {
  await chat.close();
});

function turnOf(id: number, answer: string, more: Partial<Answer> = {}): Turn {
  return { id, question: 'Q', answer, status: { kind: 'done', result: answerOf(answer, more) } };
}

it('apply it to the file that was named, and make a file of it', async () => {
  const infos = ['ts', 'py lib/b.py', '', 'ts:src/c.ts', 'ts {"a": 1}'];
  const blocks = infos.map((info) => `\`\`\`${info}\na();\n\`\`\`\n`).join('\n');
  const span = { path: 'src/a.ts', fromLine: 1, toLine: 3, tokens: 9 };
  const recalled = [
    { ...span, path: 'src/z.ts', signal: 'both' as const },
    { ...span, signal: 'mention' as const },
  ];
  await chat.send(
    { type: 'turn', turn: turnOf(1, `It is:\n\n${blocks}`, { recalled }) },
    { type: 'turn', turn: turnOf(2, 'It is:\n\n```ts\nb();\n```\n') },
  );
  await chat.posted();
  const apply = chat.page.getByRole('button', { name: /^Apply to / });
  for (const button of await apply.all()) await button.click();
  expect(await chat.posted()).toEqual([
    { type: 'apply', text: 'a();', path: 'src/a.ts' },
    { type: 'apply', text: 'a();', path: 'lib/b.py' },
    { type: 'apply', text: 'a();', path: 'src/a.ts' },
    { type: 'apply', text: 'a();', path: 'src/c.ts' },
    { type: 'apply', text: 'a();', path: 'src/a.ts' },
    { type: 'apply', text: 'b();', path: null },
  ]);
  const make = chat.page.getByRole('button', { name: 'New File with This Code' });
  for (const button of await make.all()) await button.click();
  expect(await chat.posted()).toEqual(
    ['ts', 'py', '', 'ts', 'ts', 'ts'].map((language, index) => ({
      type: 'new-file',
      text: index === 5 ? 'b();' : 'a();',
      language,
    })),
  );
  await chat.screenshot('code-blocks');
});
