/** Mentions and commands in the question box: the list, its keys, and what the question takes. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatCommands } from '../../extension/protocol/chat-commands.ts';
import type { MentionSuggestion } from '../../extension/protocol/requests/suggest-mentions.ts';
import type { FromView } from '../../extension/protocol/webview.ts';
import { until } from '../e2e/support/until.ts';
import { summary } from './support/look-data.ts';
import { ViewPage } from './support/page.ts';
import { oddPaths } from './support/odd-texts.ts';

let chat: ViewPage;

beforeEach(async () => {
  chat = await ViewPage.open();
});

afterEach(async () => {
  await chat.close();
});

const items: MentionSuggestion[] = [
  { kind: 'file', text: 'src/retry.ts', name: 'retry.ts', detail: 'src' },
  { kind: 'folder', text: 'src/retry/', name: 'retry/', detail: 'src' },
  { kind: 'file', text: '"my retry notes.md"', name: 'my retry notes.md', detail: '' },
  { kind: 'symbol', text: 'retry', name: 'retry', detail: 'src/retry.ts:4' },
];

async function type(text: string): Promise<void> {
  await chat.page.locator('.ask textarea').pressSequentially(text);
}

async function press(key: string): Promise<void> {
  await chat.page.locator('.ask textarea').press(key);
}

async function written(): Promise<string> {
  return chat.page.locator('.ask textarea').inputValue();
}

/** The names of the choices, the active one in brackets, as assistive technology has it. */
async function choices(): Promise<string[]> {
  const active = await chat.page
    .locator('.ask textarea')
    .evaluate((box) => box.getAttribute('aria-activedescendant'));
  return chat.page.locator('[role="listbox"]:not([hidden]) [role="option"]').evaluateAll(
    (options, id) =>
      options.map((option) => {
        const name = option.querySelector('.choice-name')?.textContent ?? '';
        const selected = option.getAttribute('aria-selected') === 'true';
        return selected && option.id === id ? `[${name}]` : name;
      }),
    active,
  );
}

async function posted(kind: FromView['type']): Promise<FromView[]> {
  return (await chat.posted()).filter(({ type: each }) => each === kind);
}

describe('a mention', () => {
  it('is asked about while it is typed, and chosen with the keyboard', async () => {
    await type('Why @ret');
    expect(await posted('suggest')).toEqual(
      ['', 'r', 're', 'ret'].map((query) => ({ type: 'suggest', query })),
    );
    await chat.send({ type: 'suggestions', query: 're', items: [] });
    await chat.send({ type: 'suggestions', query: 'ret', items });
    expect(await choices()).toEqual(['[retry.ts]', 'retry/', 'my retry notes.md', 'retry']);
    await press('ArrowUp');
    expect(await choices()).toEqual(['retry.ts', 'retry/', 'my retry notes.md', '[retry]']);
    await press('ArrowUp');
    await press('Enter');
    expect(await written()).toBe('Why @"my retry notes.md" ');
    expect(await choices()).toEqual([]);
    expect(await posted('ask')).toEqual([]);
    await type('fails?');
    await press('Enter');
    expect(await posted('ask')).toEqual([
      { type: 'ask', question: 'Why @"my retry notes.md" fails?' },
    ]);
  });

  it('goes on within a folder that was chosen', async () => {
    await type('@ret');
    await chat.send({ type: 'suggestions', query: 'ret', items });
    await press('ArrowDown');
    await press('Tab');
    expect(await written()).toBe('@src/retry/');
    expect(await posted('suggest')).toContainEqual({ type: 'suggest', query: 'src/retry/' });
  });

  it('is chosen with the mouse, which leaves the box its focus', async () => {
    await type('@ret');
    await chat.send({ type: 'suggestions', query: 'ret', items });
    await chat.page.locator('.choice').last().click();
    expect(await written()).toBe('@retry ');
    expect(await chat.page.evaluate('document.activeElement?.tagName')).toBe('TEXTAREA');
  });

  it('is closed by Escape, which stops no answer then', async () => {
    const turn = { id: 1, question: 'Q', answer: 'so far', status: { kind: 'answering' } };
    await chat.send({ type: 'turn', turn });
    await type('@ret');
    await chat.send({ type: 'suggestions', query: 'ret', items });
    await press('Escape');
    expect(await choices()).toEqual([]);
    await type('r');
    await chat.send({ type: 'suggestions', query: 'retr', items });
    expect(await choices()).toEqual([]);
    expect(await posted('action')).toEqual([]);
    await press('Escape');
    expect(await posted('action')).toEqual([{ type: 'action', action: 'stop' }]);
  });

  it('leaves Enter and Tab to the box where there is no list, or nothing to add', async () => {
    await type('@nothing');
    await chat.send({ type: 'suggestions', query: 'nothing', items: [] });
    expect(
      await chat.page
        .locator('.ask textarea')
        .evaluate((box) => [box.getAttribute('role'), box.getAttribute('aria-expanded')]),
    ).toEqual([null, null]);
    await press('Enter');
    expect(await posted('ask')).toEqual([{ type: 'ask', question: '@nothing' }]);
    await chat.send({ type: 'conversation', turns: [] });
    await type('@retry');
    await chat.send({ type: 'suggestions', query: 'retry', items: items.slice(3) });
    await press('Enter');
    expect(await posted('ask')).toEqual([{ type: 'ask', question: '@retry' }]);
    await type('x');
    await press('Tab');
    expect(await chat.page.evaluate('document.activeElement?.tagName')).toBe('BUTTON');
  });

  it('shows names of any kind as they are, and nothing as markup', async () => {
    await type('@');
    const odd = oddPaths.map((path) => ({
      kind: 'file' as const,
      text: path,
      name: path,
      detail: path,
    }));
    await chat.send({ type: 'suggestions', query: '', items: odd });
    expect(await chat.page.locator('.choice').count()).toBe(odd.length);
    expect(await chat.page.locator('.choice img, .choice b, .choice script').count()).toBe(0);
  });

  it('leaves keys of an input method to it', async () => {
    await type('@ret');
    await chat.send({ type: 'suggestions', query: 'ret', items });
    const taken = await chat.page.locator('.ask textarea').evaluate((box) =>
      ['Enter', 'ArrowDown', 'Tab', 'Escape'].filter(
        (key) =>
          !box.dispatchEvent(
            new KeyboardEvent('keydown', {
              key,
              bubbles: true,
              cancelable: true,
              isComposing: true,
            }),
          ),
      ),
    );
    expect(taken).toEqual([]);
    expect(await choices()).toHaveLength(items.length);
  });
});

describe('a command', () => {
  it('is offered where a question begins with a slash, and nowhere else', async () => {
    await type('/');
    const names = chatCommands.map(({ name }) => `/${name}`);
    expect(await choices()).toEqual(names.map((name, i) => (i === 0 ? `[${name}]` : name)));
    await chat.screenshot('ask-box-commands');
    await type('te');
    await press('Enter');
    expect(await written()).toBe('/tests ');
    await type('/');
    expect(await choices()).toEqual([]);
  });

  it('that is typed in full is asked by one Enter', async () => {
    await type('/memory');
    await press('Enter');
    expect(await posted('ask')).toEqual([{ type: 'ask', question: '/memory' }]);
  });
});

describe('what a question takes', () => {
  it('is counted once there is a memory, and where the selection changes', async () => {
    await type('/explain');
    await chat.send({ type: 'session', session: { kind: 'ready', summary } });
    const asked = (): Promise<true> =>
      until('the question to be weighed', async () =>
        (await posted('weigh')).length > 0 ? true : null,
      );
    await asked();
    const weight = { questionTokens: 12, mentionedTokens: 300, capacityTokens: 4096, notices: [] };
    await chat.send({ type: 'weight', question: '/explain', weight });
    const line = chat.page.locator('.ask-weight');
    expect(await line.innerText()).toBe('312 of 4,096 tokens: question 12, read again 300');
    await chat.send({ type: 'selection' });
    await asked();
    const full = { ...weight, notices: ['src/a.ts:1-90 does not fit in the working set.'] };
    await chat.send({ type: 'weight', question: '/explain', weight: full });
    expect(await line.innerText()).toContain('src/a.ts:1-90 does not fit in the working set.');
    await chat.screenshot('ask-box-weight');
    await chat.send({ type: 'weight', question: 'another', weight });
    expect(await line.innerText()).toContain('does not fit');
    await chat.page.locator('.ask textarea').fill('');
    expect(await line.innerText()).toBe('');
  });
});
