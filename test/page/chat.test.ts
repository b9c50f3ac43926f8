/** The chat in a real browser: its keys and buttons, and its behaviour after faults. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, Mention } from '../../extension/protocol/answer.ts';
import { stoppedEarly } from '../../extension/report/format.ts';
import type { Turn } from '../../extension/protocol/webview.ts';
import { until } from '../e2e/support/until.ts';
import { answerOf } from '../fixtures/answer.ts';
import { summary } from './support/look-data.ts';
import { ViewPage } from './support/page.ts';
import { oddPaths } from './support/odd-texts.ts';
import { asShown, shownTurns } from './support/shown-turns.ts';

let chat: ViewPage;

beforeEach(async () => {
  chat = await ViewPage.open();
});

afterEach(async () => {
  await chat.close();
});

function done(id: number, answer: string, more: Partial<Answer> = {}): Turn {
  const result = { ...answerOf(answer), ...more };
  return { id, question: `Question ${String(id)}`, answer, status: { kind: 'done', result } };
}

function answering(id: number, answer: string): Turn {
  return { id, question: `Question ${String(id)}`, answer, status: { kind: 'answering' } };
}

describe('an answer', () => {
  it('links paths of every kind as the engine says', async () => {
    const turnOf = (path: string, id: number): Turn => {
      const mention: Mention = { text: `${path}:7`, path, fromLine: 7, toLine: 7 };
      const citations = [{ path, line: 7 }];
      return done(id, `x = ${mention.text}`, { mentions: [mention], citations });
    };
    await chat.send({ type: 'conversation', turns: oddPaths.map(turnOf) });
    const { turns } = await shownTurns(chat.page);
    expect(turns.map(({ answer: shown, links }) => [shown, links])).toEqual(
      oddPaths.map((path) => [asShown(`x = ${path}:7`), [asShown(`${path}:7`)]]),
    );
    await chat.posted();
    const clicked = '.turn .answer .reference, .turn .citations .reference';
    await chat.page.locator(clicked).evaluateAll((links) => {
      for (const link of links) (link as HTMLElement).click();
    });
    const open = oddPaths.map((path) => ({ type: 'open', path, fromLine: 7, toLine: 7 }));
    expect(await chat.posted()).toEqual(open.flatMap((each) => [each, each]));
  });

  it('says which names of the question do not occur', async () => {
    await chat.send({ type: 'turn', turn: done(1, '5', { unknownNames: ['MAX', '<b>'] }) });
    expect(await chat.page.locator('.unknown-names .note').allInnerTexts()).toEqual([
      'MAX does not occur in what was read.',
      '<b> does not occur in what was read.',
    ]);
  });

  it('says that a follow-up was answered on its own, where it was', async () => {
    const turn = (id: number, question: string, earlierTurns: number): Turn => ({
      ...done(id, '5', { earlierTurns, seenTurns: Math.min(earlierTurns, 1) }),
      question,
    });
    const turns = [
      turn(1, 'What is MAX?', 0),
      turn(2, 'And where is it defined?', 0),
      turn(3, 'And who uses it?', 2),
    ];
    await chat.send({ type: 'conversation', turns });
    const note = 'This question was answered on its own. Name the subject in your question.';
    const { turns: shown } = await shownTurns(chat.page);
    expect(shown.map(({ footer }) => footer.includes(note))).toEqual([false, true, false]);
  });

  it('offers its code to copy and to insert, to the letter', async () => {
    const code = 'const a = "\u202e\0";\n\tb();';
    await chat.send({ type: 'turn', turn: done(1, `Like this:\n\n\`\`\`ts\n${code}\n\`\`\``) });
    await chat.posted();
    await chat.page.getByRole('button', { name: 'Copy Code' }).click();
    await chat.page.getByRole('button', { name: 'Insert at Cursor' }).click();
    await chat.page.getByRole('button', { name: 'Copy Answer' }).click();
    expect(await chat.posted()).toEqual([
      { type: 'copy-code', text: code },
      { type: 'insert', text: code },
      { type: 'copy', id: 1 },
    ]);
  });

  it('changes from raw text to Markdown at most once while it is written', async () => {
    const text = 'The value of `X` is **5**.\n\n```ts\nconst X = 5;\n```\n';
    await chat.send({ type: 'turn', turn: answering(1, '') });
    const kinds: boolean[] = [];
    for (const piece of text.match(/.{1,4}/gsu) ?? []) {
      await chat.send({ type: 'text', id: 1, text: piece });
      kinds.push((await shownTurns(chat.page)).turns[0]?.verbatim ?? false);
    }
    expect(kinds.filter((kind, i) => i > 0 && kind !== kinds[i - 1]).length).toBe(1);
    expect(kinds.at(-1)).toBe(false);
  });
});

describe('a reading that stopped early', () => {
  it('is not called all of the repository, and can be continued or done again', async () => {
    const stopped = {
      ...summary,
      files: 1,
      tokens: 1_536,
      heldTokens: 1_536,
      complete: false,
      notices: [stoppedEarly(1, 7_679)],
    };
    await chat.send({ type: 'session', session: { kind: 'ready', summary: stopped } });
    await chat.posted();
    const header = chat.page.locator('.header');
    expect(await header.locator('.summary-held').innerText()).toBe(
      'Remembers < 0.1 % of this repository',
    );
    expect(await header.locator('.notices').innerText()).toBe(
      'Reading stopped early. Answers use only the first 1 of 7,679 files.',
    );
    await header.getByRole('button', { name: 'Continue Reading' }).click();
    await header.getByRole('button', { name: 'Read Again' }).click();
    expect(await chat.posted()).toEqual([
      { type: 'action', action: 'continue' },
      { type: 'action', action: 'read' },
    ]);
    const begun = { cause: 'continued', progress: null, cancelling: false, notice: null } as const;
    const reading = { kind: 'reading', ...begun, summary: stopped };
    await chat.send({ type: 'session', session: reading });
    expect(await header.getByRole('button', { name: 'Continue Reading' }).count()).toBe(0);
    expect(await header.getByRole('button', { name: 'Read Again' }).count()).toBe(0);
    const progress = {
      phase: 'reading',
      files: 3,
      totalFiles: 7_679,
      tokens: 2_048,
      totalTokens: 500_000,
      tokensPerSecond: 100,
      etaSeconds: 60,
      heldTokens: 1_536,
      budgetTokens: 4_096,
    };
    await chat.send({ type: 'session', session: { ...reading, progress } });
    expect(await chat.page.locator('.panel h2').innerText()).toBe(
      'Reading the rest of the repository…',
    );
  });
});

describe('wrong data', () => {
  it('costs its own turn alone, and is reported', async () => {
    const wrong = { ...done(2, 'kept'), status: { kind: 'done', result: { answer: [] } } };
    await chat.send({ type: 'conversation', turns: [done(1, 'one'), wrong, 7, done(3, 'three')] });
    const { turns } = await shownTurns(chat.page);
    expect(turns.map(({ answer }) => answer)).toEqual(['one', 'kept', 'three']);
    const faults = (await chat.posted()).filter(({ type }) => type === 'fault');
    expect(faults).toHaveLength(2);
  });

  it('does not stop the view', async () => {
    const messages = [null, 'x', { type: 'new' }, { type: 'session', session: { kind: 'new' } }];
    await chat.send(...messages, { type: 'turn', turn: done(1, 'one') });
    expect((await shownTurns(chat.page)).turns.map(({ answer }) => answer)).toEqual(['one']);
    expect((await chat.posted()).filter(({ type }) => type === 'fault')).toHaveLength(4);
  });

  it('leaves the text where a part of the page fails', async () => {
    // Make the browser refuse code elements, so that drawing such an answer throws.
    await chat.page.evaluate(`(() => {
      const create = document.createElement.bind(document);
      document.createElement = (tag) => {
        if (tag === 'code') throw new Error('No such element.');
        return create(tag);
      };
    })()`);
    await chat.send({
      type: 'conversation',
      turns: [done(1, 'one'), done(2, 'It returns `x` here.'), done(3, 'three')],
    });
    const { turns } = await shownTurns(chat.page);
    expect(turns.map(({ answer }) => answer)).toEqual(['one', 'It returns `x` here.', 'three']);
    expect((await chat.posted()).filter(({ type }) => type === 'fault')).toHaveLength(1);
    await chat.send({ type: 'turn', turn: done(4, 'four') });
    expect((await shownTurns(chat.page)).turns.at(-1)?.answer).toBe('four');
  });
});

describe('the ask box', () => {
  it('keeps a question that cannot be asked yet, and says so', async () => {
    const box = chat.page.locator('.ask textarea');
    await chat.send({ type: 'turn', turn: answering(1, 'so far') });
    await chat.posted();
    await box.fill('And then?');
    await box.press('Enter');
    expect(await box.inputValue()).toBe('And then?');
    expect(await chat.page.locator('.ask-hint').innerText()).toContain('still being written');
    await chat.send({ type: 'turn', turn: done(1, 'all') });
    expect(await chat.page.locator('.ask-hint').innerText()).toBe('');
    await box.press('Enter');
    // Not sent again before the first returns as a turn.
    await box.fill('Again?');
    await box.press('Enter');
    const asked = (await chat.posted()).filter(({ type }) => type === 'ask');
    expect(asked).toEqual([{ type: 'ask', question: 'And then?' }]);
    expect(await box.inputValue()).toBe('Again?');
  });

  it.each(['failed', 'stopped'] as const)('asks again what %s', async (kind) => {
    const status = kind === 'failed' ? { kind, message: 'It crashed.' } : { kind };
    const turn = { id: 1, question: 'Why?', answer: '', status };
    await chat.send({ type: 'turn', turn });
    await chat.posted();
    await chat.page.getByRole('button', { name: 'Ask Again' }).click();
    expect(await chat.posted()).toEqual([{ type: 'ask', question: 'Why?' }]);
  });

  it('brings back earlier questions with Arrow Up', async () => {
    const box = chat.page.locator('.ask textarea');
    await chat.send({ type: 'conversation', turns: [done(1, 'one'), done(2, 'two')] });
    await box.press('ArrowUp');
    expect(await box.inputValue()).toBe('Question 2');
    await box.press('ArrowUp');
    expect(await box.inputValue()).toBe('Question 1');
    await box.press('ArrowDown');
    await box.press('ArrowDown');
    expect(await box.inputValue()).toBe('');
  });

  it.each([
    { isComposing: true, keyCode: 0 },
    { isComposing: false, keyCode: 229 },
  ])('leaves keys of an input method to it: %j', async (composing) => {
    await chat.send({ type: 'turn', turn: answering(1, 'so far') });
    const box = chat.page.locator('.ask textarea');
    await box.fill('にほん');
    await chat.posted();
    const press = (key: string, options: object): Promise<boolean> =>
      box.evaluate(
        (input, [name, more]) =>
          input.dispatchEvent(
            new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }),
          ),
        [key, options] as const,
      );
    for (const key of ['Escape', 'Enter', 'ArrowUp']) {
      expect(await press(key, composing)).toBe(true);
    }
    expect((await chat.posted()).filter(({ type }) => type !== 'fault')).toEqual([]);
    await press('Escape', {});
    expect(await chat.posted()).toEqual([{ type: 'action', action: 'stop' }]);
  });
});

describe('what a screen reader is told', () => {
  it('is taken away when it has been spoken, and with a new chat', async () => {
    const log = chat.page.locator('[role="log"]');
    await chat.send({ type: 'turn', turn: answering(1, 'It is four. And') });
    expect(await log.innerText()).toBe('It is four.');
    await until('silence', async () => ((await log.innerText()) === '' ? true : null));
    await chat.send({ type: 'text', id: 1, text: ' that is all. ' });
    expect(await log.innerText()).toBe('And that is all.');
    await chat.send({ type: 'conversation', turns: [] });
    expect(await log.innerText()).toBe('');
  });

  it('is all of an answer that comes at once, but nothing of what was there before', async () => {
    const log = chat.page.locator('[role="log"]');
    await chat.send({ type: 'conversation', turns: [done(1, 'An earlier page said this.')] });
    expect(await log.innerText()).toBe('');
    await chat.send(
      { type: 'turn', turn: answering(2, '') },
      { type: 'turn', turn: done(2, '16') },
    );
    expect(await log.innerText()).toBe('16');
  });
});
