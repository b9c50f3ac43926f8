/** A smaller budget in the settings: the memory is smaller within a second, and answers. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';

let repository: TemporaryRepository;
let editor: Editor;
let chat: Chat;

beforeAll(async () => {
  repository = await generatedRepository(6_000);
  editor = await Editor.open({
    folder: repository.folder,
    file: 'README.md',
    machineSettings: { 'loci.device': 'cpu', 'loci.budget': '50%' },
  });
  await editor.openLoci();
  chat = new Chat(await editor.view('chat'));
  await chat.ready();
});

afterAll(async () => {
  await editor.close();
  await repository.remove();
});

describe('a budget that is made smaller in the settings', () => {
  it('is met within a second, and the memory answers', async () => {
    const memory = await editor.view('memory');
    const total = memory.locator('.total');
    await total.getByText('Remembers 50 %').waitFor();
    const before = await total.innerText();
    await editor.screenshot('42-half');

    await editor.runCommand('Loci: Open Settings');
    const settings = editor.page.locator('.settings-editor .setting-item-contents');
    const budget = settings.filter({ hasText: 'Budget' }).locator('input').first();
    // As a user types it: the last of these is what is wanted.
    for (const value of ['40%', '30%', '10%']) await budget.fill(value);
    const startedAt = performance.now();
    await budget.press('Tab');
    // A share is never less than 1,024 tokens.
    await total.getByText('1,024 of').waitFor();
    const seconds = (performance.now() - startedAt) / 1000;
    const after = await total.innerText();
    process.stdout.write(`from "${before}" to "${after}" in ${seconds.toFixed(2)} s\n`);
    expect(kibibytes(after)).toBeLessThan(kibibytes(before) / 2);
    // On a machine that is busy with other tests, too.
    expect(seconds).toBeLessThan(20);
    // The settings take the focus back whenever they are drawn anew.
    await editor.runCommand('View: Close All Editors');
    const asked = repository.questions.find(({ kind }) => kind === 'const');
    await chat.ask(asked?.question ?? '');
    await chat.answered();
    expect(await chat.answer()).toBe(asked?.answer);
    await editor.screenshot('43-tenth');
  });
});

/** The bytes that a line of the view ends with. */
function kibibytes(line: string): number {
  const { value = '0', unit = 'KiB' } =
    /(?<value>[\d.]+) (?<unit>KiB|MiB)/u.exec(line)?.groups ?? {};
  return Number(value) * (unit === 'MiB' ? 1024 : 1);
}
