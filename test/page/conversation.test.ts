/** What can be done with the turns of a conversation, in a real browser. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../extension/protocol/answer.ts';
import type { FromView, Turn } from '../../extension/protocol/webview.ts';
import { answerOf } from '../fixtures/answer.ts';
import { summary } from './support/look-data.ts';
import { ViewPage } from './support/page.ts';
import { shownTurns } from './support/shown-turns.ts';

let chat: ViewPage;

beforeEach(async () => {
  chat = await ViewPage.open();
  const own = { ...summary, bundled: false, suggestions: [] };
  await chat.send({ type: 'session', session: { kind: 'ready', summary: own } });
});

afterEach(async () => {
  await chat.close();
});

function done(id: number, more: Partial<Answer> = {}): Turn {
  const answer = `Answer ${String(id)}.`;
  const result = { ...answerOf(answer), ...more };
  return { id, question: `Question ${String(id)}`, answer, status: { kind: 'done', result } };
}

const turn = (number: number) => chat.page.locator('.turn').nth(number);
const named = (number: number, name: string) => turn(number).getByRole('button', { name });

/** What the page sent but for faults, of which there must be none. */
async function sent(): Promise<readonly FromView[]> {
  const posted = await chat.posted();
  expect(posted.filter(({ type }) => type === 'fault')).toEqual([]);
  return posted;
}

describe('a question', () => {
  it('is edited in its place, and asked again', async () => {
    await chat.send({ type: 'conversation', turns: [done(3), done(4)] });
    await sent();
    await named(0, 'Edit Question').click();
    const box = turn(0).getByRole('textbox', { name: 'Edited question' });
    expect(await box.inputValue()).toBe('Question 3');
    expect(await turn(0).locator('.question').count()).toBe(0);
    await box.fill(' ');
    expect(await named(0, 'Ask').isDisabled()).toBe(true);
    await box.press('Enter');
    await box.fill('Another?\nYes.');
    await box.press('Enter');
    expect(await sent()).toEqual([{ type: 'edit', id: 3, question: 'Another?\nYes.' }]);
    expect(await chat.page.locator('.ask textarea').evaluate((e) => e.matches(':focus'))).toBe(
      true,
    );
  });

  it('stays as it was where the edit is cancelled, and its button has the focus', async () => {
    await chat.send({ type: 'conversation', turns: [done(3)] });
    await sent();
    for (const cancel of ['Escape', 'Cancel'] as const) {
      await named(0, 'Edit Question').click();
      const box = turn(0).getByRole('textbox', { name: 'Edited question' });
      await box.fill('Another?');
      if (cancel === 'Escape') await box.press('Escape');
      else await named(0, 'Cancel').click();
      expect(await turn(0).locator('.question').innerText()).toBe('Question 3');
      expect(await named(0, 'Edit Question').evaluate((e) => e.matches(':focus'))).toBe(true);
    }
    expect(await sent()).toEqual([]);
  });

  it('cannot be edited while an answer is written, nor an answer be written again', async () => {
    const open: Turn = { id: 5, question: 'Now?', answer: 'So', status: { kind: 'answering' } };
    await chat.send({ type: 'conversation', turns: [done(4), open] });
    expect(await named(0, 'Edit Question').count()).toBe(0);
    await chat.send({ type: 'turn', turn: done(5) });
    expect(await named(0, 'Edit Question').count()).toBe(1);
    expect(await named(0, 'Answer Again').count()).toBe(0);
    expect(await named(1, 'Answer Again').count()).toBe(1);
  });
});

describe('an answer', () => {
  it('is written again where it is the last, by keys alone', async () => {
    await chat.send({ type: 'conversation', turns: [done(1), done(2)] });
    await sent();
    await named(1, 'Answer Again').focus();
    await chat.page.keyboard.press('Enter');
    await named(0, 'Copy Answer').click();
    expect(await sent()).toEqual([
      { type: 'regenerate', id: 2 },
      { type: 'copy', id: 1 },
    ]);
  });

  it('is not offered again by the bundled model, which writes the same', async () => {
    await chat.send({ type: 'session', session: { kind: 'ready', summary } });
    await chat.send({ type: 'conversation', turns: [done(1)] });
    expect(await named(0, 'Answer Again').count()).toBe(0);
    expect(await named(0, 'Copy Answer').count()).toBe(1);
  });

  it('has buttons where the pointer or the focus is, and on the last turn', async () => {
    await chat.send({ type: 'conversation', turns: [done(1), done(2)] });
    const opacity = (selector: string, number: number): Promise<string> =>
      turn(number)
        .locator(selector)
        .evaluate((element) => getComputedStyle(element).opacity);
    await chat.page.mouse.move(0, 0);
    expect([await opacity('.turn-actions', 0), await opacity('.turn-actions', 1)]).toEqual([
      '0',
      '1',
    ]);
    expect(await opacity('.question-row > .icon-button', 0)).toBe('0');
    await named(0, 'Edit Question').focus();
    expect(await opacity('.question-row > .icon-button', 0)).toBe('1');
    expect(await opacity('.turn-actions', 0)).toBe('1');
    await chat.page.locator('.ask textarea').focus();
    await turn(0).hover();
    expect(await opacity('.turn-actions', 0)).toBe('1');
  });

  it('has its figures in a fold', async () => {
    const more = {
      ...{ firstTokenMs: 1_240, tokensPerSecond: 18.4, outputTokens: 1_200, promptTokens: 900 },
      ...{ reusedTokens: 700, earlierTurns: 5, seenTurns: 2 },
    };
    await chat.send({ type: 'conversation', turns: [done(1, more)] });
    expect((await shownTurns(chat.page)).foreign).toEqual([]);
    const details = turn(0).locator('.turn-details');
    expect(await details.locator('dl').isVisible()).toBe(false);
    await details.locator('summary').click();
    expect(await details.locator('dd').allInnerTexts()).toEqual([
      'after 1.2 s',
      '18 tokens/s',
      '1,200 tokens',
      '900 tokens, 700 of them computed before',
      '2 of 5 seen',
    ]);
  });
});

describe('reasoning', () => {
  const open: Turn = { id: 1, question: 'Why?', answer: '', status: { kind: 'answering' } };
  const fold = () => turn(0).locator('.reasoning');
  const piece = (text: string): object => ({ type: 'reasoning', id: 1, text });

  it('is folded, grows while it is written, and stays open where the user opened it', async () => {
    await chat.send({ type: 'turn', turn: open });
    expect(await fold().count()).toBe(0);
    await chat.send(piece('\nIt is <b>'), piece(' five'));
    expect(await fold().locator('summary').innerText()).toBe('Reasoning…');
    expect(await fold().locator('.reasoning-text').isVisible()).toBe(false);
    expect(await turn(0).locator('.answer').innerText()).toBe('');
    await fold().locator('summary').click();
    await chat.send(piece(', of course.'));
    expect(await fold().locator('.reasoning-text').innerText()).toBe('It is <b> five, of course.');
    await chat.send({ type: 'text', id: 1, text: 'Five' });
    expect(await fold().locator('summary').innerText()).toBe('Reasoning');
    const reasoning = { text: 'It is <b> five, of course.', tokens: 1_024, cut: true };
    await chat.send({ type: 'turn', turn: done(1, { reasoning }) });
    expect(await fold().locator('summary').innerText()).toBe(
      'Reasoning, 1,024 tokens, ended early',
    );
    expect(await fold().locator('.reasoning-text').innerText()).toBe(reasoning.text);
    expect(await fold().evaluate((each) => each.hasAttribute('open'))).toBe(true);
    expect(await turn(0).locator('.answer').innerText()).toBe('Answer 1.');
    expect(await sent()).toHaveLength(1);
  });

  it('is not read out, and is not there where the model wrote none', async () => {
    await chat.send({ type: 'turn', turn: open });
    await chat.send(piece('It is five. '));
    expect(await chat.page.locator('[role="log"]').innerText()).toBe('');
    await chat.send({ type: 'conversation', turns: [done(2)] });
    expect(await fold().count()).toBe(0);
  });
});

describe('a conversation', () => {
  it('shows where the turns begin that the model still sees', async () => {
    const order = () =>
      chat.page
        .locator('.turns > *')
        .evaluateAll((all) => all.map((each) => (each.matches('.unseen') ? '-' : 'turn')));
    const earlier = [done(1), done(2), done(3, { kind: 'passages' })];
    await chat.send({ type: 'conversation', turns: earlier });
    expect(await order()).toEqual(['turn', 'turn', 'turn']);
    const seen = (seenTurns: number): object => ({
      type: 'turn',
      turn: done(4, { earlierTurns: 2, seenTurns }),
    });
    await chat.send(seen(1));
    expect(await order()).toEqual(['turn', '-', 'turn', 'turn', 'turn']);
    await chat.send(seen(0));
    expect(await order()).toEqual(['turn', 'turn', 'turn', '-', 'turn']);
    expect(await chat.page.locator('.unseen').innerText()).toBe(
      'The model no longer sees the turns above.',
    );
    await chat.send(seen(2));
    expect(await order()).toEqual(['turn', 'turn', 'turn', 'turn']);
  });

  it('is replaced by the one that is opened, at its end', async () => {
    await chat.send({ type: 'conversation', turns: [done(1), done(2)] });
    const long = Array.from({ length: 30 }, (_, at) => done(10 + at));
    await chat.send({ type: 'conversation', turns: long });
    expect(await chat.page.locator('.turn').count()).toBe(30);
    await chat.page.locator('.scroller').evaluate((node) => {
      node.scrollTop = 0;
    });
    const others = Array.from({ length: 25 }, (_, at) => done(50 + at));
    await chat.send({ type: 'conversation', turns: others });
    expect(
      await chat.page
        .locator('.scroller')
        .evaluate((node) => node.scrollTop + node.clientHeight >= node.scrollHeight - 1),
    ).toBe(true);
    const { turns } = await shownTurns(chat.page);
    expect(turns.map(({ question }) => question)).toEqual(others.map(({ question }) => question));
  });
});
