/**
 * Refining the memory: its cost is stated, it can be cancelled, and the memory shows that it ran.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';

let repository: TemporaryRepository;
let editor: Editor;
let chat: Chat;

beforeAll(async () => {
  repository = await generatedRepository(8_000);
  editor = await Editor.open({ folder: repository.folder, file: 'README.md' });
  await editor.openLoci();
  chat = new Chat(await editor.view('chat'));
  await chat.ready();
});

afterAll(async () => {
  await editor.close();
  await repository.remove();
});

const figures = () => chat.frame.locator('.figures').textContent();

describe('refining the memory', () => {
  it('tells what it costs, and leaves the memory as it was when it is cancelled', async () => {
    await editor.runCommand('Loci: Refine Memory');
    const toast = editor.notification('refining the memory');
    await toast.getByText(/[\d,]+ of [\d,]+ tokens/u).waitFor();
    expect(await toast.innerText()).toMatch(/a second memory of [\d.]+ MiB until it is done/u);
    await editor.screenshot('40-refining');
    await toast.locator('.monaco-button', { hasText: 'Cancel' }).click();
    await toast.waitFor({ state: 'hidden' });
    expect(await figures()).not.toContain('refined');
  });

  it('goes on to the end, and still answers', async () => {
    await editor.runCommand('Loci: Refine Memory');
    const toast = editor.notification('refining the memory');
    await toast.waitFor();
    await toast.waitFor({ state: 'hidden' });
    expect(await figures()).toContain('default, refined');
    const asked = repository.questions.find(({ kind }) => kind === 'const');
    if (asked === undefined) throw new Error('The repository has no question on a constant.');
    await chat.ask(asked.question);
    await chat.answered();
    expect(await chat.answer()).toBe(asked.answer);
    await editor.screenshot('41-refined');
  });
});
