/** The first use of the bundled model: its notice, its answers, and its replacement. */

import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromRoot } from '../../scripts/support/paths.mjs';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { sampleCopy } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

let repository: TemporaryRepository;
let editor: Editor;
let chat: Chat;
let model: string;

beforeAll(async () => {
  repository = await sampleCopy();
  editor = await Editor.open({
    folder: repository.folder,
    file: 'api/src/pricing/quote.ts',
    machineSettings: { 'loci.device': 'cpu' },
  });
  // At another path, it counts as a model that the user chose.
  model = path.join(editor.home, 'models', 'my-model.gguf');
  await mkdir(path.dirname(model), { recursive: true });
  const bundled = fromRoot('extension', 'models', 'bundled', 'loci-tiny-f16.gguf');
  await copyFile(bundled, model);
});

afterAll(async () => {
  await editor.close();
  await rm(path.dirname(model), { recursive: true, force: true });
  await repository.remove();
});

/** Large enough for a conversation, small enough for a page. */
const size = { width: 1180, height: 800 };

describe('the bundled model', () => {
  it('says what it can answer, and offers questions and another model', async () => {
    const { page } = editor;
    await page.setViewportSize(size);
    await editor.openLoci();
    const sash = page.locator('.monaco-sash.vertical').nth(1);
    const box = await sash.boundingBox();
    if (box === null) throw new Error('The side bar has no edge.');
    await page.mouse.move(box.x + 2, 400);
    await page.mouse.down();
    await page.mouse.move(box.x + 140, 400, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(900, 700);
    chat = new Chat(await editor.view('chat'));
    await chat.ready();
    const notice = chat.frame.locator('.bundled-notice');
    expect(await notice.innerText()).toContain(
      'The bundled model only answers questions about values, definitions and imports.',
    );
    await notice.getByRole('button', { name: 'Choose a Model…' }).waitFor();
    expect(await chat.frame.locator('.suggestions .button').count()).toBeGreaterThanOrEqual(3);
    await editor.picture('chat');
  });

  it('answers what it suggests, as the code says', async () => {
    const suggestions = await chat.frame.locator('.suggestions .button').allInnerTexts();
    const [first = ''] = suggestions;
    for (const question of suggestions) {
      if (question === first) await chat.frame.getByRole('button', { name: first }).click();
      else await chat.ask(question);
      await chat.answered();
      await chat.lastTurn.locator('.citations, .passages').waitFor();
      expect(await chat.lastTurn.locator('.question').innerText()).toBe(question);
      const answer = await chat.answer();
      if (question.startsWith('Where is ')) {
        const [, file = '', line = ''] = /is defined in (\S+):(\d+)\./u.exec(answer) ?? [];
        const name = question.slice('Where is '.length, -' defined?'.length);
        expect((await repository.read(file)).split('\n')[Number(line) - 1]).toContain(name);
        continue;
      }
      const citation = await chat.lastTurn.locator('.citations .reference').first().innerText();
      const [file = '', line = ''] = citation.split(':');
      const text = (await repository.read(file)).split('\n')[Number(line) - 1] ?? '';
      const name = /of (\S+)\?|module is (\S+) imported/u.exec(question);
      expect(text, question).toContain(name?.[1] ?? name?.[2] ?? 'no name');
      expect(text, question).toContain(answer);
    }
    await editor.screenshot('40-suggestions');
  });

  it('shows passages in place of what it would invent, and they lead to their lines', async () => {
    await chat.ask('How is the price of a delivery computed?');
    await chat.lastTurn.locator('.passages').waitFor();
    expect(await chat.answer()).toMatch(/^Here is where I would look:/u);
    const passage = chat.lastTurn.locator('.passage', { hasText: 'api/src/pricing/quote.ts' });
    const sought = await passage.first().locator('.sought').innerText();
    const code = await repository.read('api/src/pricing/quote.ts');
    expect(code.split('\n').map((line) => line.trim())).toContain(sought.trim());
    expect(await chat.lastTurn.locator('.turn-details').count()).toBe(0);
    await editor.picture('passages');
    const problems = editor.page.locator('.statusbar-item[id="status.problems"]');
    expect(await problems.getAttribute('aria-label')).not.toMatch(/Errors: [1-9]/u);
    await passage.first().locator('.reference').click();
    const line = code.split('\n').findIndex((text) => text.trim() === sought.trim()) + 1;
    await editor.page.getByText(`Ln ${String(line)}, Col 1`).waitFor();
  });

  it('says when a name does not occur', async () => {
    await chat.ask('What is the value of GRAVITY_OF_MARS?');
    await chat.lastTurn.locator('.passages-lead').waitFor();
    expect(await chat.answer()).toContain('“GRAVITY_OF_MARS” does not occur in what was read.');
    await editor.screenshot('41-missing-name');
  });
});

describe('Ask Loci About This', () => {
  it('begins a question with the path and the lines of the selection', async () => {
    await editor.codeEditor.locator('.view-line').nth(6).click();
    await editor.page.keyboard.press('Control+Home');
    for (let line = 0; line < 3; line++) await editor.page.keyboard.press('Shift+ArrowDown');
    await editor.runCommand('Ask Loci About This');
    const box = chat.frame.locator('.ask textarea');
    await until('the beginning of the question', async () =>
      (await box.inputValue()) === 'In @api/src/pricing/quote.ts:1-3, ' ? true : null,
    );
    await box.fill('');
  });
});

describe('Choose a Model', () => {
  it('refuses what is no model in one sentence, before anything is loaded', async () => {
    await chat.frame.locator('.bundled-notice button').click();
    await pick('Enter a Path…');
    await editor.page.locator('.quick-input-widget input').first().fill('README.md');
    await editor.page.keyboard.press('Enter');
    await editor.dialog.waitFor();
    expect(await editor.dialog.innerText()).toMatch(
      /This model cannot be used\.[\s\S]*README\.md is not a valid GGUF model/u,
    );
    await editor.screenshot('42-refused');
    await editor.dialog.getByRole('button', { name: 'Choose Another' }).click();
  });

  it('lists the models of this machine, and says what one needs before it is used', async () => {
    await editor.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await editor.screenshot('43-models');
    await pick('my-model.gguf');
    await editor.dialog.waitFor();
    const text = await editor.dialog.innerText();
    expect(text).toMatch(/Trained context: 4,096 tokens/u);
    expect(text).toMatch(/Memory: [\d.]+ MiB per 1,000 tokens held/u);
    expect(text).toMatch(/Fit: yes, in main memory, with a budget of up to 3,584 tokens/u);
    expect(text).toMatch(/[\d.]+M parameters/u);
    await editor.picture('choose-model');
    await editor.dialog.getByRole('button', { name: 'Use This Model' }).click();
  });

  it('writes the setting where it holds, and keeps the memory where it is not to be read', async () => {
    await until('the setting', async () =>
      (await editor.machineSettings()).includes(model) ? true : null,
    );
    const cost = editor.dialog.filter({ hasText: 'discards the current memory' });
    await cost.waitFor();
    await editor.screenshot('44-cost');
    await cost.getByRole('button', { name: 'Not Now' }).click();
    const outdated =
      'This memory was read with the bundled model; use Read Again to apply the new settings.';
    await chat.frame.locator('.header').getByText(outdated).waitFor();
    expect(await chat.frame.locator('.bundled-notice').count()).toBe(1);
  });

  it('reads the repository with that model once told to', async () => {
    await chat.frame.getByRole('button', { name: 'Read Again' }).click();
    await editor.dialog.getByRole('button', { name: 'Read', exact: true }).click();
    expect(await editor.userSettings()).not.toContain('loci.modelPath');
    await until('a chat without the notice', async () =>
      (await chat.summary.count()) === 1 &&
      (await chat.frame.locator('.bundled-notice').count()) === 0
        ? true
        : null,
    );
    await editor.screenshot('44-chosen');
  });

  it('is on the page of settings that the button opens', async () => {
    await editor.runCommand('Loci: Open Settings');
    const settings = editor.page.locator('.settings-editor');
    await settings.locator('.setting-item-contents', { hasText: 'Model Path' }).first().waitFor();
    const value = settings.locator('.setting-item-contents', { hasText: 'Model Path' });
    expect(await value.locator('input').first().inputValue()).toBe(model);
    await editor.picture('settings');
  });

  it('goes back to the bundled model', async () => {
    await editor.runCommand('Loci: Choose a Model…');
    await pick('Use the Bundled Model');
    await editor.dialog.getByRole('button', { name: 'Use This Model' }).click();
    await until('the setting without a model', async () =>
      (await editor.machineSettings()).includes(model) ? null : true,
    );
    // Reading with it is proposed only if it takes more than a few seconds.
    await until('the bundled model again', async () => {
      const read = editor.dialog.getByRole('button', { name: 'Read', exact: true });
      if ((await read.count()) > 0) await read.click();
      return (await chat.frame.locator('.bundled-notice').count()) > 0 ? true : null;
    });
  });
});

describe('the walkthrough', () => {
  it('is offered, with its pictures', async () => {
    const manifest = await readFile(fromRoot('package.json'), 'utf8');
    expect(manifest).toContain('"walkthroughs"');
    await editor.pick('Open Walkthrough', 'Get Started with Loci');
    await editor.page.getByText('Choose a model', { exact: true }).first().waitFor();
    await editor.screenshot('45-walkthrough');
  });
});

/** Picks a row of the open list. */
async function pick(label: string): Promise<void> {
  const row = editor.page.locator('.quick-input-list .monaco-list-row', { hasText: label });
  await row.first().click();
}
