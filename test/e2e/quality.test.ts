/** Measuring quality: the cost is stated, the open memory stays, and the curve is readable. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chat } from './support/chat.ts';
import { contrast } from './support/contrast.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';

let repository: TemporaryRepository;
let editor: Editor;
let chat: Chat;

/** Allows for a busy machine. */
const measuringMs = 480_000;

beforeAll(async () => {
  // All four budgets fit the model's context, and reading it eight times is quick.
  repository = await generatedRepository(3_000);
  editor = await Editor.open({ folder: repository.folder, file: 'README.md' });
  await editor.openLoci();
  chat = new Chat(await editor.view('chat'));
  await chat.ready();
});

afterAll(async () => {
  await editor.close();
  await repository.remove();
});

describe('measuring quality', () => {
  const dialog = () => editor.page.locator('.monaco-dialog-box');
  const toast = () => editor.notification('measuring quality');

  it('tells what it costs before it begins, and can be declined', async () => {
    await editor.runCommand('Loci: Measure Quality');
    await dialog().waitFor();
    const text = await dialog().innerText();
    expect(text).toMatch(/reads the repository up to \d+ times/u);
    expect(text).toMatch(/at most about [\d.]+ (s|min)/u);
    expect(text).toMatch(/second copy of the model \([\d.]+ MiB/u);
    await editor.screenshot('30-quality-cost');
    await dialog().locator('.monaco-button', { hasText: 'Cancel' }).click();
    await dialog().waitFor({ state: 'hidden' });
    expect(await toast().count()).toBe(0);
  });

  it('can be cancelled, and the engine behind it ends', async () => {
    await editor.runCommand('Loci: Measure Quality');
    await dialog().locator('.monaco-button', { hasText: 'Measure' }).click();
    await toast().getByText('reading').waitFor();
    await editor.screenshot('31-quality-progress');
    await toast().locator('.monaco-button', { hasText: 'Cancel' }).click();
    await toast().waitFor({ state: 'hidden' });
  });

  it(
    'shows the curve and the table, and leaves the memory that is open alone',
    async () => {
      const before = await chat.summary.innerText();
      await editor.runCommand('Loci: Measure Quality');
      await dialog().locator('.monaco-button', { hasText: 'Measure' }).click();
      await toast().waitFor();
      await toast().waitFor({ state: 'hidden', timeout: measuringMs });
      const view = await editor.view('quality');
      await view.locator('.quality-exact svg').waitFor();
      expect(await chat.summary.innerText()).toBe(before);

      expect(await view.locator('.quality-exact svg path').count()).toBeGreaterThanOrEqual(2);
      const chart = await view.locator('.quality-exact svg').textContent();
      for (const text of ['default', 'streaming', 'no memory', '5%', 'Exact answers (%)']) {
        expect(chart).toContain(text);
      }
      const rows = await view.locator('tbody tr').allInnerTexts();
      expect(rows[0]).toMatch(/^no memory/u);
      expect(rows.filter((row) => row.startsWith('default')).length).toBeGreaterThanOrEqual(2);
      expect(await view.locator('.quality-sufficient').innerText()).toMatch(
        /^\d+ questions are too few to distinguish 5% from 50%\. Ask more questions\.$/u,
      );
      await editor.screenshot('32-quality-default');
    },
    measuringMs,
  );

  it.each([
    ['Dark Modern', 'vscode-dark', '33-quality-dark'],
    ['Light Modern', 'vscode-light', '34-quality-light'],
    ['Dark High Contrast', 'vscode-high-contrast', '35-quality-high-contrast'],
  ])('can be read in %s', async (theme, bodyClass, picture) => {
    await editor.pick('Preferences: Color Theme', theme);
    const view = await editor.view('quality');
    await view.locator(`body.${bodyClass}`).waitFor();
    await editor.screenshot(picture);
    expect(await contrast(view, 'tbody td')).toBeGreaterThanOrEqual(4.5);
    // The colours are the theme's, and the lines stand out from the background.
    const stroke = await view.evaluate<string>(
      `getComputedStyle(document.querySelector('.quality-exact path')).stroke`,
    );
    expect(stroke).not.toBe('rgb(11, 98, 184)');
    expect(await editor.log()).not.toContain('The quality view:');
  });
});
