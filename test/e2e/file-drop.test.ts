/** A tab of the editor that is dragged into the question box, with Shift held. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
  await writeFile(path.join(repository.folder, '.env'), 'A=1\n');
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

/** Drags the tab with a name onto the question box. */
async function dragTab(name: string): Promise<void> {
  const { mouse, keyboard } = editor.page;
  const tab = await editor.page.locator('.tab', { hasText: name }).first().boundingBox();
  const box = await chat.frame.locator('.ask textarea').boundingBox();
  if (tab === null || box === null) throw new Error('The tab or the box is not shown.');
  await mouse.move(tab.x + 30, tab.y + 10);
  await mouse.down();
  await mouse.move(tab.x + 60, tab.y + 60, { steps: 5 });
  await keyboard.down('Shift');
  // The editor lets the view have the drag once it has moved with the key held.
  await until('the drag in the view', async () => {
    await mouse.move(box.x + 40, box.y + 10, { steps: 5 });
    await mouse.move(box.x + 50, box.y + 12, { steps: 5 });
    return (await chat.frame.locator('.ask.dropping').count()) > 0 ? true : null;
  });
  await mouse.up();
  await keyboard.up('Shift');
}

const written = (): Promise<string> => chat.frame.locator('.ask textarea').inputValue();

it('becomes a mention of its file', async () => {
  await dragTab('quote.ts');
  await until('the mention', async () => ((await written()) === '' ? null : true));
  expect(await written()).toBe(`@${file} `);
  await chat.frame.locator('.ask-weight', { hasText: 'read again' }).waitFor();
  await editor.screenshot('58-dropped');
});

it('is none where its file was not read', async () => {
  await editor.pick('Go to File...', '.env');
  await editor.page.locator('.tab', { hasText: '.env' }).first().waitFor();
  await dragTab('.env');
  const hint = chat.frame.locator('.ask-hint', { hasText: 'files and folders that were read' });
  await hint.waitFor();
  expect(await written()).toBe(`@${file} `);
});
