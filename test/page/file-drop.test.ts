/** Files dragged into the question box, as the browser drags them. */

import type { CDPSession } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FromView } from '../../extension/protocol/webview.ts';
import { ViewPage } from './support/page.ts';
import { summary } from './support/look-data.ts';

let chat: ViewPage;
let browser: CDPSession;

beforeEach(async () => {
  chat = await ViewPage.open();
  browser = await chat.page.context().newCDPSession(chat.page);
  await chat.send({ type: 'session', session: { kind: 'ready', summary } });
});

afterEach(async () => {
  await browser.detach();
  await chat.close();
});

const code = 'application/vnd.code.uri-list';
const list = 'text/uri-list';

/** Drags data over the box and drops it there. */
async function drop(data: Readonly<Record<string, string>>): Promise<void> {
  const box = await chat.page.locator('.ask textarea').boundingBox();
  if (box === null) throw new Error('The page has no box for questions.');
  const items = Object.entries(data).map(([mimeType, text]) => ({ mimeType, data: text }));
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await browser.send('Input.dispatchDragEvent', {
      type,
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
      data: { items, dragOperationsMask: 1 },
    });
  }
}

async function dropped(): Promise<FromView[]> {
  return (await chat.posted()).filter(({ type }) => type === 'drop');
}

const written = (): Promise<string> => chat.page.locator('.ask textarea').inputValue();

it.each([
  [
    { [code]: 'file:///a/b.ts\nfile:///a/c%20d', 'text/plain': '/a/b.ts' },
    ['file:///a/b.ts', 'file:///a/c%20d'],
  ],
  // This browser hides files in this list.
  [{ [list]: 'vscode-remote://wsl%2Bu/b', 'text/plain': 'b' }, ['vscode-remote://wsl%2Bu/b']],
  [{ [code]: 'vscode-remote://wsl%2Bu/a\r\nuntitled:x' }, ['vscode-remote://wsl%2Bu/a']],
])('asks the host what %j is', async (data, uris) => {
  await drop(data);
  expect(await dropped()).toEqual([{ type: 'drop', uris }]);
  expect(await written()).toBe('');
});

it('inserts the mentions where the caret is, and says what is none', async () => {
  const box = chat.page.locator('.ask textarea');
  await box.fill('Compare with it');
  await box.evaluate((input: HTMLTextAreaElement) => {
    input.setSelectionRange(7, 7);
  });
  await chat.send({ type: 'dropped', text: '@src/a.ts @lib/', hint: 'One was not read.' });
  expect(await written()).toBe('Compare @src/a.ts @lib/ with it');
  expect(await box.evaluate((input: HTMLTextAreaElement) => input.selectionStart)).toBe(23);
  expect(await chat.page.locator('.ask-hint').innerText()).toBe('One was not read.');
  await box.press('End');
  await chat.send({ type: 'dropped', text: '@b.ts', hint: null });
  expect(await written()).toBe('Compare @src/a.ts @lib/ with it @b.ts ');
  await chat.send({ type: 'dropped', text: '', hint: 'This was not read.' });
  expect(await written()).toBe('Compare @src/a.ts @lib/ with it @b.ts ');
  expect(await chat.page.locator('.ask-hint').innerText()).toBe('This was not read.');
});

it.each([
  [{ 'text/plain': 'some words' }, 'some words'],
  [{ 'text/plain': 'file:///a/b.ts' }, 'file:///a/b.ts'],
])('leaves text as it is: %j', async (data, text) => {
  await drop(data);
  expect(await written()).toBe(text);
  expect(await dropped()).toEqual([]);
});

it('takes no files while there is nothing to ask about', async () => {
  await chat.send({ type: 'session', session: { kind: 'no-folder' } });
  await drop({ [code]: 'file:///a/b.ts' });
  expect(await dropped()).toEqual([]);
});
