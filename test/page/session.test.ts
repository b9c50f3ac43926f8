/** What the chat shows of the session in a real browser, and what persists when it changes. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summary } from './support/look-data.ts';
import { ViewPage } from './support/page.ts';

let chat: ViewPage;

beforeEach(async () => {
  chat = await ViewPage.open();
});

afterEach(async () => {
  await chat.close();
});

describe('a memory that was read with other settings', () => {
  const outdated =
    'This memory was read with the bundled model; use Read Again to apply the new settings.';

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
    await memory.close();
  });
});

it('says of an unloaded model that it comes back, and brings it back at once', async () => {
  await chat.send({ type: 'session', session: { kind: 'idle', unloaded: true } });
  await chat.page.getByText('Your next question brings it back.').waitFor();
  await chat.posted();
  await chat.page.getByRole('button', { name: 'Bring It Back' }).click();
  expect(await chat.posted()).toEqual([{ type: 'action', action: 'read' }]);
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

describe('while the files are counted', () => {
  const begun = { cause: 'requested', cancelling: false, notice: null, summary: null } as const;
  const estimate = { tokens: 9_000_000, seconds: 7_200, folders: [] };
  const counting = { kind: 'counting', files: 10 };
  const progress = {
    phase: 'listing',
    files: 10,
    totalFiles: 10,
    tokens: 0,
    totalTokens: 0,
    tokensPerSecond: 0,
    etaSeconds: null,
    heldTokens: 0,
    budgetTokens: 0,
  };
  /** All states that may follow. */
  const next = [
    { kind: 'counting', files: 200 },
    { kind: 'proposed', estimate },
    { kind: 'reading', ...begun, progress: null },
    { kind: 'reading', ...begun, progress },
    { kind: 'ready', summary },
    { kind: 'cancelled' },
    { kind: 'failed', code: 'repository-empty', message: 'There is no file.' },
    { kind: 'restarting', message: 'The engine crashed.', delayMs: 1_000 },
    { kind: 'idle' },
  ] as const;

  function focused(): Promise<string> {
    return chat.page.evaluate(() => {
      const { activeElement } = document;
      return `${activeElement?.tagName ?? ''} ${activeElement?.textContent.trim() ?? ''}`.trim();
    });
  }

  it.each(next)(
    'a draft, its caret and the focus stay when what follows is $kind',
    async (session) => {
      const box = chat.page.locator('.ask textarea');
      await chat.send({ type: 'session', session: counting });
      await box.pressSequentially('What X');
      await box.press('ArrowLeft');
      await chat.send({ type: 'session', session });
      await chat.page.keyboard.type('is ');
      expect(await box.inputValue()).toBe('What is X');
      expect(await focused()).toBe('TEXTAREA');
    },
  );

  it.each(next)(
    'the keyboard is not lost with the button, when what follows is $kind',
    async (session) => {
      await chat.send({ type: 'session', session: counting });
      await chat.page.locator('.ask textarea').fill('my draft');
      await chat.page.getByRole('button', { name: 'Cancel' }).focus();
      await chat.send({ type: 'session', session });
      const cancel = session.kind === 'counting' || session.kind === 'reading';
      expect(await focused()).toBe(cancel ? 'BUTTON Cancel' : 'TEXTAREA');
      expect(await chat.page.locator('.ask textarea').inputValue()).toBe('my draft');
    },
  );

  it('nor is it with a button that is switched off, or goes from the header', async () => {
    const reading = { kind: 'reading', ...begun, progress: null } as const;
    await chat.send({ type: 'session', session: reading });
    await chat.page.getByRole('button', { name: 'Cancel' }).focus();
    await chat.send({ type: 'session', session: { ...reading, cancelling: true } });
    expect(await focused()).toBe('TEXTAREA');
    const stopped = { ...summary, complete: false };
    await chat.send({ type: 'session', session: { kind: 'ready', summary: stopped } });
    await chat.page.getByRole('button', { name: 'Continue Reading' }).focus();
    await chat.send({ type: 'session', session: { ...reading, summary: stopped } });
    expect(await focused()).toBe('TEXTAREA');
  });
});
