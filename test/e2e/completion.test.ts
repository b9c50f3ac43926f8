/**
 * Ghost text as a user sees it. It is off for the bundled model; a copy of its file counts as the
 * user's own model, like a downloaded one, but needs no download.
 */

import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModelPath } from '../../extension/models/bundled.ts';
import { fullRun } from '../tools/full-run.ts';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

let models: string;
let repository: TemporaryRepository;
let editor: Editor;
/** A file in the repository and a name in it. */
let path = '';
let key = '';

beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'loci-model-'));
  const model = join(models, 'chosen.gguf');
  await copyFile(bundledModelPath(), model);
  repository = await generatedRepository(2_000);
  const machineSettings = { 'loci.modelPath': model };
  const [question] = repository.questions;
  if (question === undefined) throw new Error('The repository has no questions.');
  ({ path, key } = question);
  editor = await Editor.open({ folder: repository.folder, file: path, machineSettings });
});

afterAll(async () => {
  await editor.close();
  await repository.remove();
  await rm(models, { recursive: true, force: true });
});

/** Five seconds each, with a step cancelled at nearly every key. */
const linesTyped = fullRun ? 12 : 2;
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

  it(`leaves nothing in the log while one types ${String(linesTyped)} lines`, async () => {
    const { page } = editor;
    await page.keyboard.press('Control+End');
    const line = '\nconst other = compute(width, height) + another;';
    for (let i = 0; i < linesTyped; i++) await page.keyboard.type(line, { delay: 100 });
    await page.waitForTimeout(2_000);
    const told = (await editor.log())
      .split('\n')
      .filter((text) => /\[(?:warning|error)\]/u.test(text));
    expect(told).toEqual([]);
  });
});
