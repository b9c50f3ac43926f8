/** Several conversations: found, opened, renamed, deleted, exported, and continued otherwise. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

let folder: string;
let repository: TemporaryRepository;
let editor: Editor;
let chat: Chat;

/** Opens the reasoning before each answer; the model never ends it by itself. */
const template =
  '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}' +
  "{# </think> #}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n<think>\\n' }}{% endif %}";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loci-model-'));
  const model = path.join(folder, 'reasoning.gguf');
  const shape = { ...shapes.brief, context: 8192 };
  await writeRandomModel(model, shape, 1, {
    'tokenizer.chat_template': { type: 'string', value: template },
  });
  repository = await generatedRepository(3_000);
  editor = await Editor.open({
    folder: repository.folder,
    file: 'README.md',
    machineSettings: {
      'loci.modelPath': model,
      'loci.device': 'cpu',
      'loci.workingTokens': 768,
    },
  });
  await editor.openLoci();
  chat = new Chat(await editor.view('chat'));
  await chat.ready();
});

afterAll(async () => {
  await editor.close();
  await repository.remove();
  await rm(folder, { recursive: true, force: true });
});

const questions = (): Promise<string[]> => chat.frame.locator('.turn .question').allInnerTexts();
const turns = (expected: readonly string[]): Promise<true> =>
  until(`the questions ${expected.join(', ')}`, async () =>
    JSON.stringify(await questions()) === JSON.stringify(expected) ? true : null,
  );

async function converse(question: string): Promise<void> {
  await chat.ask(question);
  await chat.answered();
}

/** The list of conversations, once it is there. */
async function openList(): Promise<Locator> {
  await editor.runCommand('Loci: Conversations…');
  const list = editor.page.locator('.quick-input-widget', { hasText: 'Conversations' });
  await list.locator('.monaco-list-row').first().waitFor();
  return list;
}

/** Presses a button of a line of the list. */
async function press(list: Locator, line: string, name: string): Promise<void> {
  const row = list.locator('.monaco-list-row', { hasText: line });
  await row.hover();
  await row.locator(`.action-label[aria-label="${name}"]`).click();
}

describe('a conversation', () => {
  it('has the reasoning of each answer in a fold, and is followed up on', async () => {
    await converse('What is the first question?');
    await converse('And the second one?');
    const fold = chat.lastTurn.locator('.reasoning');
    expect(await fold.locator('.reasoning-text').isVisible()).toBe(false);
    await fold.locator('summary').click();
    expect((await fold.locator('.reasoning-text').innerText()).length).toBeGreaterThan(50);
    await chat.lastTurn.locator('.turn-details summary').click();
    expect(await chat.lastTurn.locator('.turn-details').innerText()).toMatch(
      /First token\s*after [\d.]+ s/u,
    );
    await editor.screenshot('50-reasoning');
  });

  it('goes on otherwise from an edited question, and keeps what that replaces', async () => {
    const first = chat.frame.locator('.turn').first();
    await first.hover();
    await first.getByRole('button', { name: 'Edit Question' }).click();
    await editor.screenshot('51-edit');
    const box = first.getByRole('textbox', { name: 'Edited question' });
    await box.fill('What is an edited question?');
    await box.press('Enter');
    await turns(['What is an edited question?']);
    await chat.answered();
    const note = editor.notification('kept as a conversation of their own');
    await note.locator('.monaco-button', { hasText: 'Open It' }).click();
    await turns(['What is the first question?', 'And the second one?']);
  });

  it('has its last answer written again, another one', async () => {
    const before = await chat.answer();
    await chat.lastTurn.getByRole('button', { name: 'Answer Again' }).click();
    await until('another answer', async () => ((await chat.answer()) === before ? null : true));
    await chat.answered();
    await turns(['What is the first question?', 'And the second one?']);
  });
});

describe('the conversations of a workspace', () => {
  it('are found by their questions, and opened', async () => {
    await editor.runCommand('Loci: New Conversation');
    await turns([]);
    await converse('Is this a third conversation?');
    const list = await openList();
    expect(await list.locator('.monaco-list-row').count()).toBe(3);
    expect(await list.locator('.monaco-list-row').first().innerText()).toContain('open, 1 turn');
    await editor.screenshot('52-conversations');
    await editor.page.locator('.quick-input-widget input').first().fill('second one');
    await until('one line', async () =>
      (await list.locator('.monaco-list-row').count()) === 1 ? true : null,
    );
    await editor.page.keyboard.press('Enter');
    await turns(['What is the first question?', 'And the second one?']);
  });

  it('are renamed, deleted and taken back', async () => {
    await press(await openList(), 'Is this a third', 'Rename');
    const input = editor.page.locator('.quick-input-widget input').first();
    await until('the title', async () =>
      (await input.inputValue()) === 'Is this a third conversation?' ? true : null,
    );
    await input.fill('Mine');
    await editor.page.keyboard.press('Enter');
    const list = editor.page.locator('.quick-input-widget', { hasText: 'Conversations' });
    await list.locator('.monaco-list-row', { hasText: 'Mine' }).waitFor();
    await press(list, 'What is the first', 'Delete');
    await list
      .locator('.monaco-list-row', { hasText: 'What is the first' })
      .waitFor({ state: 'detached' });
    await editor.page.keyboard.press('Escape');
    await turns([]);
    const note = editor.notification('Deleted the conversation');
    await note.locator('.monaco-button', { hasText: 'Undo' }).click();
    await turns(['What is the first question?', 'And the second one?']);
  });

  it('are exported as Markdown', async () => {
    await editor.runCommand('Loci: Export Conversation…');
    await editor.page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
    const text = await until('the document', async () => {
      const lines = await editor.codeEditor.locator('.view-line').allInnerTexts();
      return lines.length > 3 ? lines.join('\n').replaceAll('\u00a0', ' ') : null;
    });
    expect(text).toContain('# What is the first question?');
    expect(text).toContain('> What is the first question?');
    await editor.screenshot('53-export');
  });

  it('are there when the window is loaded again, the open one open', async () => {
    await editor.page.reload();
    await editor.page.locator('.monaco-workbench .activitybar').waitFor();
    chat = new Chat(await editor.view('chat'));
    await turns(['What is the first question?', 'And the second one?']);
    const list = await openList();
    expect(await list.locator('.monaco-list-row').count()).toBe(3);
    expect(await list.innerText()).toContain('Mine');
    await editor.page.keyboard.press('Escape');
    expect(await editor.log()).not.toContain('A conversation was not kept or read');
  });

  it.each([
    ['Dark Modern', '54-conversations-dark'],
    ['Light Modern', '55-conversations-light'],
  ])('can be read in %s', async (theme, picture) => {
    await editor.pick('Preferences: Color Theme', theme);
    await chat.lastTurn.hover();
    await editor.screenshot(picture);
    await openList();
    await editor.screenshot(`${picture}-list`);
    await editor.page.keyboard.press('Escape');
  });
});
