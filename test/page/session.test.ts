/** What the chat shows of the session in a real browser, and what stays while that changes. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summary } from './support/look-data.ts';
import { ViewPage } from './support/page.ts';

let chat: ViewPage;

beforeEach(async () => {
  chat = await ViewPage.open();
});

afterEach(async () => {
  const { faults } = chat;
  await chat.close();
  expect(faults).toEqual([]);
});

describe('a memory that was read with other settings', () => {
  const outdated = 'This memory was read with the bundled model; Read Again uses the new settings.';

  it('says so beside the conversation, too, and can be read again', async () => {
    const turn = { id: 1, question: 'Why?', answer: '', status: { kind: 'stopped' } };
    await chat.send({ type: 'conversation', turns: [turn] });
    const session = { kind: 'ready', summary: { ...summary, outdated } };
    await chat.send({ type: 'session', session });
    await chat.posted();
    const header = chat.page.locator('.header');
    expect(await header.locator('.notices').last().innerText()).toContain(outdated);
    expect(await header.getByRole('button', { name: 'Continue Reading' }).count()).toBe(0);
    await header.getByRole('button', { name: 'Read Again' }).click();
    expect(await chat.posted()).toEqual([{ type: 'action', action: 'read' }]);
    await chat.send({ type: 'session', session: { kind: 'ready', summary } });
    expect(await header.getByText(outdated).count()).toBe(0);
    expect(await header.getByRole('button', { name: 'Read Again' }).count()).toBe(0);
  });

  it('says so in the list of files', async () => {
    const memory = await ViewPage.open({ view: 'memory' });
    const hint = memory.page.locator('.hint').first();
    const session = { kind: 'ready', summary: { ...summary, outdated } };
    await memory.send({ type: 'memory', session, files: [] });
    expect(await hint.innerText()).toBe(outdated);
    await memory.send({ type: 'session', session: { kind: 'ready', summary } });
    expect(await hint.isVisible()).toBe(false);
    expect(memory.faults).toEqual([]);
    await memory.close();
  });
});

describe('a text that comes from elsewhere', () => {
  const answering = { id: 1, question: 'Why?', answer: 'so', status: { kind: 'answering' } };
  const waiting = { id: 1, question: 'Why?', answer: '', status: { kind: 'waiting' } };

  it.each([
    [answering, 'An answer is still being written.'],
    [waiting, 'The last question is still waiting.'],
  ])('while a question is open, is in the ask box with the reason: %#', async (turn, hint) => {
    const box = chat.page.locator('.ask textarea');
    await box.fill('my own draft');
    await chat.send({ type: 'turn', turn }, { type: 'draft', text: 'What is X?' });
    expect(await box.inputValue()).toBe('What is X?\nmy own draft');
    expect(await chat.page.locator('.ask-hint').innerText()).toContain(hint);
    await chat.send({ type: 'draft', text: 'In a.ts:1-2, ' });
    expect(await box.inputValue()).toBe('In a.ts:1-2, What is X?\nmy own draft');
    await chat.posted();
    await chat.send({ type: 'turn', turn: { ...turn, status: { kind: 'stopped' } } });
    expect(await chat.page.locator('.ask-hint').innerText()).toBe('');
    await box.press('Enter');
    const question = 'In a.ts:1-2, What is X?\nmy own draft';
    expect((await chat.posted()).filter(({ type }) => type === 'ask')).toEqual([
      { type: 'ask', question },
    ]);
  });

  it('makes no question longer than one may be: it stays, and the box says so', async () => {
    const box = chat.page.locator('.ask textarea');
    await box.fill('y'.repeat(15_000));
    await chat.send({ type: 'draft', text: 'x'.repeat(15_000) });
    await chat.posted();
    await box.press('Enter');
    expect(await chat.posted()).toEqual([]);
    expect(await box.inputValue()).toHaveLength(30_001);
    expect(await chat.page.locator('.ask-hint').innerText()).toBe(
      'Shorten the question to 20,000 characters.',
    );
  });
});
