/**
 * Measuring quality, and then all views in every kind of theme, and for those who use no mouse and
 * want no motion.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chat } from './support/chat.ts';
import { contrast } from './support/contrast.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

let repository: TemporaryRepository;
let editor: Editor;
let chat: Chat;

beforeAll(async () => {
  // All four budgets fit the model's context, and reading it eight times takes little.
  repository = await generatedRepository(3_000);
  editor = await Editor.open({ folder: repository.folder, file: 'README.md' });
  await editor.openLoci();
  chat = new Chat(await editor.view('chat'));
  await chat.ready();
  await chat.ask(repository.questions[0]?.question ?? '');
  await chat.answered();
  await chat.lastTurn.locator('.recalled summary').click();
  const memory = await editor.view('memory');
  await memory.locator('.row').first().waitFor();
});

afterAll(async () => {
  await editor.close();
  await repository.remove();
});

/** For a machine that is busy with other things. */
const measuringMs = 480_000;

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
});

describe('the views in every theme', () => {
  it.each([
    ['Dark Modern', 'vscode-dark', '20-dark'],
    ['Light Modern', 'vscode-light', '21-light'],
    ['Dark High Contrast', 'vscode-high-contrast', '22-high-contrast'],
    ['Light High Contrast', 'vscode-high-contrast-light', '23-high-contrast-light'],
  ])('can be read in %s', async (theme, bodyClass, picture) => {
    await editor.pick('Preferences: Color Theme', theme);
    await chat.frame.locator(`body.${bodyClass}`).waitFor();
    await editor.screenshot(picture);
    const texts = ['.answer', '.question', '.citations .reference', '.recalled-body .detail'];
    for (const selector of texts) {
      expect(await contrast(chat.frame, selector), selector).toBeGreaterThanOrEqual(4.5);
    }
    const quality = await editor.view('quality');
    await quality.locator(`body.${bodyClass}`).waitFor();
    expect(await contrast(quality, 'tbody td')).toBeGreaterThanOrEqual(4.5);
    // The colours are the theme's, and the lines can be told from what is behind them.
    const stroke = await quality.evaluate<string>(
      `getComputedStyle(document.querySelector('.quality-exact path')).stroke`,
    );
    expect(stroke).not.toBe('rgb(11, 98, 184)');
    expect(await editor.log()).not.toContain('The quality view:');
  });
});

describe('the views without a mouse', () => {
  it('reaches every control with the Tab key, and opens a file from the list', async () => {
    const memory = await editor.view('memory');
    await chat.frame.locator('.summary > summary').focus();
    const reached = new Set<string>();
    for (let step = 0; step < 12; step++) {
      await editor.page.keyboard.press('Tab');
      reached.add(String(await chat.frame.evaluate('document.activeElement?.className ?? ""')));
    }
    expect([...reached].join(' ')).toMatch(/reference/u);
    expect([...reached].join(' ')).toMatch(/icon-button/u);

    await memory.locator('.file-list').focus();
    await editor.page.keyboard.press('End');
    await editor.page.keyboard.press('Home');
    await editor.page.keyboard.press('ArrowDown');
    const active = memory.locator('.row.active .row-name');
    const name = (await active.textContent()) ?? '';
    await editor.page.keyboard.press('Enter');
    await editor.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  });

  it('tells a screen reader the answer', async () => {
    const live = chat.frame.locator('[role="log"][aria-live="polite"]');
    // Each piece exists only for a moment.
    await chat.frame.evaluate(`(() => {
      const log = document.querySelector('[role="log"]');
      log.dataset.said = '';
      new MutationObserver((records) => {
        const added = records.flatMap((record) => [...record.addedNodes]);
        log.dataset.said += ' ' + added.map((node) => node.textContent).join(' ');
      }).observe(log, { childList: true });
    })()`);
    await chat.ask(repository.questions[0]?.question ?? '');
    await chat.answered();
    const answer = await chat.answer();
    await until('the spoken answer', async () =>
      ((await live.getAttribute('data-said')) ?? '').includes(answer) ? true : null,
    );
    await until('silence', async () => ((await live.innerText()) === '' ? true : null));
  });

  it('moves nothing where motion is not wanted', async () => {
    await editor.page.emulateMedia({ reducedMotion: 'reduce' });
    await editor.runCommand('Loci: Read Repository');
    const bar = chat.panel.locator('.bar-fill');
    await bar.waitFor();
    const animation = `getComputedStyle(document.querySelector('.panel .bar-fill')).animationName`;
    expect(await chat.frame.evaluate(animation)).toBe('none');
    await chat.ready();
  });
});
