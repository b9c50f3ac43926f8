/** What a user types and what becomes of an answer's code: mentions, commands, changes to accept. */

import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../fixtures/answer.ts';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { sampleCopy } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

const file = 'api/src/pricing/quote.ts';
let repository: TemporaryRepository;
let editor: Editor;
let chat: Chat;

beforeAll(async () => {
  repository = await sampleCopy();
  editor = await Editor.open({
    folder: repository.folder,
    file,
    machineSettings: { 'loci.device': 'cpu' },
  });
  await editor.openLoci();
  chat = new Chat(await editor.view('chat'));
  await chat.ready();
});

afterAll(async () => {
  await editor.close();
  await repository.remove();
});

/** Selects the first lines of the open file. */
async function selectLines(count: number): Promise<void> {
  await editor.codeEditor.locator('.view-line').nth(6).click();
  await editor.page.keyboard.press('Control+Home');
  for (let line = 0; line < count; line++) await editor.page.keyboard.press('Shift+ArrowDown');
}

/** The line of the light bulb's menu with a text, once there is one. */
async function offered(text: string): Promise<Locator> {
  const row = editor.page.locator('.action-widget .monaco-list-row', { hasText: text }).first();
  return until(`the action ${text}`, async () => {
    await editor.page.keyboard.press('Control+.');
    try {
      await row.waitFor({ timeout: 5_000 });
      return row;
    } catch {
      await editor.page.keyboard.press('Escape');
      return null;
    }
  });
}

/** Chooses an action, and waits for the answer to the question that it asks. */
async function choose(action: Locator): Promise<void> {
  const turns = await chat.frame.locator('.turn').count();
  await action.click();
  await until('the question', async () =>
    (await chat.frame.locator('.turn').count()) > turns ? true : null,
  );
  await chat.answered();
}

/** Lets the chat show an answer with a block of code: no small model writes one. */
async function answerWith(id: number, code: string): Promise<void> {
  const answer = `Like this:\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
  const result = answerOf(answer, {
    recalled: [{ path: file, fromLine: 1, toLine: 2, tokens: 9, signal: 'mention' }],
  });
  const turn = { id, question: 'Q', answer, status: { kind: 'done', result } };
  const data = JSON.stringify({ type: 'turn', turn });
  await chat.frame.evaluate(`dispatchEvent(new MessageEvent('message', { data: ${data} }))`);
  // It is drawn with the next picture.
  const [line = ''] = code.split('\n');
  await chat.lastTurn.getByText(line).first().waitFor();
}

describe('a mention', () => {
  it('is chosen while it is typed, and its place is shown first', async () => {
    const box = chat.frame.locator('.ask textarea');
    await box.click();
    await box.pressSequentially('Tell me about @quot');
    const choices = chat.frame.locator('.choice');
    await choices.filter({ hasText: 'quote.ts' }).first().waitFor();
    await editor.screenshot('50-mention');
    const symbol = choices.filter({ has: chat.frame.locator('.codicon-symbol-method') }).first();
    const name = await symbol.locator('.choice-name').innerText();
    const [place = ''] = (await symbol.locator('.detail').innerText()).split(' and ');
    await symbol.click();
    expect(await box.inputValue()).toBe(`Tell me about @${name} `);
    await chat.frame.locator('.ask-weight', { hasText: 'read again' }).waitFor();
    await editor.screenshot('51-weight');
    await box.press('Enter');
    const first = chat.lastTurn.locator('.passage').first();
    await first.waitFor();
    const [path = '', line = ''] = place.split(':');
    expect(await first.locator('.reference').innerText()).toContain(path);
    const code = (await repository.read(path)).split('\n')[Number(line) - 1] ?? '';
    expect((await first.locator('.sought').innerText()).trim()).toBe(code.trim());
  });
});

describe('a command', () => {
  it('asks about the selection', async () => {
    await selectLines(3);
    await chat.ask('/explain');
    await chat.answered();
    expect(await chat.lastTurn.locator('.question').innerText()).toBe(
      `Explain what this code does and why: @${file}:1-3`,
    );
  });

  it('tells what is remembered without the model', async () => {
    await chat.ask('/memory');
    expect(await chat.answer()).toMatch(
      /^Remembers [\d,]+ of [\d,]+ tokens in .*\nRead: \d+ files/u,
    );
    await editor.screenshot('52-memory');
  });
});

describe('the light bulb', () => {
  it('asks for the correction of a problem with its message', async () => {
    await editor.codeEditor.locator('.view-line').nth(13).click();
    await editor.page.keyboard.press('Control+Home');
    await editor.page.keyboard.type('const broken: number = ;\n');
    await editor.page.keyboard.press('Control+Home');
    await editor.page.keyboard.press('End');
    await choose(await offered('Fix with Loci'));
    expect(await chat.lastTurn.locator('.question').innerText()).toMatch(
      /^Find the fault in this code and write the corrected code: @\S+:1-6\nLine 1 \(ts\): Expression expected\.$/u,
    );
    await editor.codeEditor.locator('.view-line').first().click();
    await editor.page.keyboard.press('Control+Home');
    await editor.page.keyboard.press('Control+Shift+K');
  });
});

describe('Edit Selection', () => {
  it('says that the bundled model writes no code', async () => {
    await selectLines(3);
    await editor.runCommand('Loci: Edit Selection…');
    const input = editor.page.locator('.quick-input-widget input').first();
    await editor.page.getByText('Say how to change the selected code.').waitFor();
    await input.fill('Sort the imports');
    await editor.page.keyboard.press('Enter');
    await editor.notification('This model does not write code.').waitFor();
    await editor.screenshot('56-edit-selection');
  });
});

describe('code of an answer', () => {
  it('is a change of its file, and is written once it is accepted', async () => {
    const before = await repository.read(file);
    const head = before.split('\n').find((line) => /^export (?:function|const) \w+/u.test(line));
    const name = /(?:function|const) (\w+)/u.exec(head ?? '')?.[1] ?? '';
    await editor.page.keyboard.press('Escape');
    await editor.codeEditor.locator('.view-line').first().click();
    await answerWith(901, `export function ${name}() {\n  return 'accepted';\n}`);
    await chat.lastTurn.getByRole('button', { name: `Apply to ${file}…` }).click();
    const diff = editor.page.locator('.monaco-diff-editor');
    await diff.getByText("'accepted'").first().waitFor();
    await editor.screenshot('53-change');
    await editor.page.locator('.editor-actions [aria-label^="Accept Change"]').click();
    await diff.waitFor({ state: 'detached' });
    await editor.codeEditor.getByText("'accepted'").first().waitFor();
    await editor.page.keyboard.press('Control+Z');
    await editor.codeEditor.getByText("'accepted'").first().waitFor({ state: 'detached' });
  });

  it('leaves the file as it is where it is discarded', async () => {
    await answerWith(902, 'export const discarded = 1;');
    await chat.lastTurn.getByRole('button', { name: `Apply to ${file}…` }).click();
    const diff = editor.page.locator('.monaco-diff-editor');
    await diff.getByText('discarded').first().waitFor();
    await editor.page.locator('.editor-actions [aria-label^="Discard Change"]').click();
    await diff.waitFor({ state: 'detached' });
    expect(await editor.codeEditor.innerText()).not.toContain('discarded');
  });

  it('becomes a new file of its language', async () => {
    await chat.lastTurn.getByRole('button', { name: 'New File with This Code' }).click();
    await editor.codeEditor.getByText('discarded').first().waitFor();
    const language = editor.page.locator('.statusbar-item[id="status.editor.mode"]');
    await until('the language', async () =>
      (await language.innerText()).includes('TypeScript') ? true : null,
    );
    await editor.screenshot('54-new-file');
  });
});
