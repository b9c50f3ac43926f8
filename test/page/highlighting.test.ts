/** The colours of code in answers: readable in every theme, and steady while an answer is written. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Turn } from '../../extension/protocol/webview.ts';
import { contrasts } from '../e2e/support/contrast.ts';
import { answerOf } from '../fixtures/answer.ts';
import { ViewPage } from './support/page.ts';
import { themeNames } from './support/themes.ts';

let chat: ViewPage;

beforeEach(async () => {
  chat = await ViewPage.open();
});

afterEach(async () => {
  await chat.close();
});

const code = `// Adds.
export function add(a: number): string {
  const text = 'b';
  return text + (a === 1 ? null : 2);
}
`;
const answer = `It is:

\`\`\`ts
${code}\`\`\`

\`\`\`unknown
const a = 1;
\`\`\`
`;
const kinds = ['atom', 'comment', 'function', 'keyword', 'number', 'string', 'type'];

function turnOf(text: string, done: boolean): Turn {
  const status: Turn['status'] = done
    ? { kind: 'done', result: answerOf(text) }
    : { kind: 'answering' };
  return { id: 1, question: 'Q', answer: text, status };
}

it.each(themeNames)('are all there and readable in %s', async (theme) => {
  await chat.setTheme(theme);
  await chat.send({ type: 'turn', turn: turnOf(answer, true) });
  const shown = await contrasts(chat.page.mainFrame());
  for (const kind of kinds) {
    const tokens = shown.filter(({ text }) => text.startsWith(`token-${kind}: `));
    expect(tokens.length, kind).toBeGreaterThan(0);
    for (const { text, contrast } of tokens) expect(contrast, text).toBeGreaterThanOrEqual(4.5);
  }
  const colours = await chat.page
    .locator('.answer pre span')
    .evaluateAll((spans) => [...new Set(spans.map((span) => getComputedStyle(span).color))]);
  expect(colours.length).toBeGreaterThanOrEqual(6);
  await chat.screenshot(`highlighting-${theme}`);
});

it('leave text as it is, and code of unknown languages plain', async () => {
  await chat.send({ type: 'turn', turn: turnOf(answer, true) });
  expect(await chat.page.locator('.answer pre').allTextContents()).toEqual([
    code,
    'const a = 1;\n',
  ]);
  expect(await chat.page.locator('.answer pre').nth(1).locator('span').count()).toBe(0);
});

it('keep the elements of lines that are complete while the answer is written', async () => {
  const half = answer.indexOf('  return');
  await chat.send({ type: 'turn', turn: turnOf(answer.slice(0, half), false) });
  await chat.page.locator('.answer pre span').evaluateAll((spans) => {
    for (const span of spans) span.setAttribute('data-before', '');
  });
  const before = await chat.page.locator('.answer pre [data-before]').count();
  expect(before).toBeGreaterThan(5);
  for (let end = half; end < answer.length; end += 7) {
    await chat.send({ type: 'turn', turn: turnOf(answer.slice(0, end), false) });
    expect(await chat.page.locator('.answer pre [data-before]').count()).toBe(before);
  }
  await chat.send({ type: 'turn', turn: turnOf(answer, true) });
  expect(await chat.page.locator('.answer pre').first().textContent()).toBe(code);
});
