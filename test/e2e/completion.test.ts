/**
 * Ghost text as a user sees it. It is off for the model that Loci brings along; that file given as
 * the user's own model is a chosen one, as a downloaded model would be, and needs no download.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModelPath } from '../../extension/models/bundled.ts';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

let repository: TemporaryRepository;
let editor: Editor;
/** A file of the repository and a name in it. */
let path = '';
let key = '';

beforeAll(async () => {
  repository = await generatedRepository(2_000);
  const machineSettings = { 'loci.modelPath': bundledModelPath() };
  const [question] = repository.questions;
  if (question === undefined) throw new Error('The repository has no questions.');
  ({ path, key } = question);
  editor = await Editor.open({ folder: repository.folder, file: path, machineSettings });
});

afterAll(async () => {
  await editor.close();
  await repository.remove();
});

const ghostText = '.ghost-text-decoration, .ghost-text';

describe('ghost text from a chosen model', () => {
  it('is accepted with Tab', async () => {
    await editor.openLoci();
    const chat = new Chat(await editor.view('chat'));
    await chat.ready();
    const { page } = editor;
    await editor.codeEditor.locator('.view-line').first().click();
    await page.keyboard.press('Control+End');
    const start = `const ${key} = `;
    await page.keyboard.type(`\n${start}`);
    const ghost = page.locator(ghostText);
    await ghost.first().waitFor();
    await editor.screenshot('06-ghost-text');
    const lines = (await ghost.allInnerTexts()).map((text) =>
      text.replaceAll('\u00a0', ' ').trim(),
    );
    expect(lines.join('')).not.toBe('');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+S');
    await until('the completion in the file on disk', async () => {
      const typed = (await repository.read(path)).split(`\n${start}`)[1] ?? '';
      return lines.every((line) => typed.includes(line)) ? true : null;
    });
    await editor.screenshot('07-accepted');
  });

  it('leaves nothing in the log while one types', async () => {
    const { page } = editor;
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\nconst other = compute(width, height) + another;', { delay: 30 });
    await page.waitForTimeout(2_000);
    // llama.cpp says of each step that is cancelled that it failed.
    const told = (await editor.log())
      .split('\n')
      .filter((line) => /\[(?:warning|error)\]/u.test(line))
      .filter((line) => !/graph_compute:|process_ubatch:|decode:|llama_decode:/u.test(line));
    expect(told).toEqual([]);
  });
});
