/**
 * A memory that outlives its window and is refined: the chat and the memory are there at once when
 * the window is loaded again, without a reading.
 */

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

let repository: TemporaryRepository;
let editor: Editor;
let chat: Chat;

beforeAll(async () => {
  repository = await generatedRepository(8_000);
  editor = await Editor.open({
    folder: repository.folder,
    file: 'README.md',
    machineSettings: { 'loci.device': 'cpu' },
  });
});
afterAll(async () => {
  await editor.close();
  await repository.remove();
});

/** Lists files of kept memories, wherever the editor's folder for them is. */
async function keptFiles(): Promise<string[]> {
  const all = await readdir(path.join(editor.home, 'server'), { recursive: true });
  return all.filter((file) => /memories[\\/].*\.(?:loci|kv)$/u.test(file));
}

describe('a window that is loaded again', () => {
  const [first, second] = ['What is in README.md?', 'What does README.md say?'] as const;

  it('has the conversation and answers within seconds, without reading', async () => {
    await editor.openLoci();
    chat = new Chat(await editor.view('chat'));
    await chat.ready();
    await chat.ask(first);
    await chat.answered();
    const answer = await chat.answer();
    await until('the memory on disk', async () =>
      (await editor.log()).includes('The memory is kept on disk') ? true : null,
    );
    expect(await keptFiles()).toHaveLength(2);

    await editor.page.reload();
    await editor.page.locator('.monaco-workbench .activitybar').waitFor();
    const startedAt = performance.now();
    chat = new Chat(await editor.view('chat'));
    await chat.frame.locator('.turn').first().waitFor();
    expect(await chat.frame.locator('.turn').count()).toBe(1);
    expect(await chat.lastTurn.innerText()).toContain(first);
    expect(await chat.answer()).toBe(answer);
    await chat.ready();
    await chat.ask(second);
    await chat.answered();
    const seconds = (performance.now() - startedAt) / 1000;
    process.stdout.write(`answered ${seconds.toFixed(1)} s after the window was there\n`);
    expect(await chat.frame.locator('.turn').count()).toBe(2);
    expect(seconds).toBeLessThan(60);
    // Nothing was read, so nothing new was kept.
    const kept = (await editor.log()).match(/The memory is kept on disk/gu);
    expect(kept).toHaveLength(1);
    await editor.screenshot('40-kept');
  });

  it('deletes what is kept when the user says so', async () => {
    await editor.runCommand('Loci: Delete Kept Memories…');
    const list = editor.page.locator('.quick-input-widget');
    await list.locator('.monaco-list-row', { hasText: 'repository' }).first().click();
    await editor.page.keyboard.press('Enter');
    await editor.notification('Deleted one kept memory.').waitFor();
    expect(await keptFiles()).toEqual([]);
  });
});

const figures = () => chat.frame.locator('.figures').textContent();

describe('refining the memory', () => {
  it('tells what it costs, and leaves the memory as it was when it is cancelled', async () => {
    await editor.runCommand('Loci: Refine Memory');
    const toast = editor.notification('refining the memory');
    await toast.getByText(/[\d,]+ of [\d,]+ tokens/u).waitFor();
    expect(await toast.innerText()).toMatch(/a second memory of [\d.]+ MiB until it is done/u);
    await editor.screenshot('42-refining');
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
    await editor.screenshot('43-refined');
  });
});
