/** The views at every width, zoom and theme: nothing overlaps, sticks out or is too pale to read. */

import { afterEach, describe, expect, it } from 'vitest';
import type { SessionView } from '../../extension/protocol/webview.ts';
import { contrasts } from '../e2e/support/contrast.ts';
import { cut, overlaps, sticksOut } from './support/layout.ts';
import { files, summary, turns } from './support/look-data.ts';
import { ViewPage } from './support/page.ts';
import type { PageOptions } from './support/page.ts';
import { themeNames } from './support/themes.ts';
import type { ThemeName } from './support/themes.ts';

let view: ViewPage | null = null;

afterEach(async () => {
  const opened = view;
  view = null;
  await opened?.close();
});

async function open(options: PageOptions): Promise<ViewPage> {
  return (view = await ViewPage.open(options));
}

const ready: SessionView = { kind: 'ready', summary };

/** A view of 340 pixels at 200 % is one of 170, in a window that is half as high. */
const sizes = [
  { name: '200', width: 200, height: 500, zoom: 1 },
  { name: '250', width: 250, height: 500, zoom: 1 },
  { name: '340', width: 340, height: 500, zoom: 1 },
  { name: 'zoomed', width: 200, height: 200, zoom: 2 },
] as const;

async function expectReadable(page: ViewPage['page'], theme: ThemeName): Promise<void> {
  const pale = (await contrasts(page.mainFrame())).filter(({ contrast }) => contrast < 4.5);
  expect(pale, theme).toEqual([]);
}

describe('the list of files', () => {
  it.each(sizes)('fits at $name', async (size) => {
    const { page, ...memory } = await openMemory(size);
    for (const theme of themeNames) {
      await memory.view.setTheme(theme);
      await memory.view.screenshot(`look-memory-${size.name}-${theme}`);
      expect(await overlaps(page, '.row, .list-header, .total, .memory-content')).toEqual([]);
      expect(await cut(page, '.row-share, .row-tokens, .row-name-end, .column')).toEqual([]);
      expect(await sticksOut(page, '.file-list')).toEqual([]);
      await expectReadable(page, theme);
    }
    const rows = await page.locator('.file-list').evaluate(({ clientHeight }) => clientHeight / 22);
    expect(rows).toBeGreaterThan(3);
    expect(await page.locator('.filter').isVisible()).toBe(true);
  });

  it.each(sizes)('never loses the share that is held at $name', async (size) => {
    const { page } = await openMemory(size);
    const shares = page.locator('.row-share');
    expect((await shares.allInnerTexts()).slice(0, 2)).toContain('< 0.1 %');
    const width = await page
      .locator('.row-name')
      .first()
      .evaluate((node) => node.clientWidth);
    // About fifteen letters of a name.
    expect(width).toBeGreaterThan(90);
  });

  async function openMemory(
    size: PageOptions,
  ): Promise<{ view: ViewPage; page: ViewPage['page'] }> {
    const opened = await open({ view: 'memory', ...size });
    await opened.send({ type: 'memory', session: ready, files });
    return { view: opened, page: opened.page };
  }
});

describe('the chat', () => {
  it.each(sizes)('fits at $name', async (size) => {
    const { page, ...chat } = await openChat(size);
    await page.locator('.reasoning, .turn-details').evaluateAll((folds) => {
      for (const fold of folds) fold.setAttribute('open', '');
    });
    for (const theme of themeNames) {
      await chat.view.setTheme(theme);
      await chat.view.screenshot(`look-chat-${size.name}-${theme}`);
      await page.locator('.scroller').evaluate((node) => {
        node.scrollTop = 0;
      });
      await chat.view.screenshot(`look-chat-top-${size.name}-${theme}`);
      const rows =
        '.header, .bundled-notice, .turn, .turn-actions, .panel-actions, .code-header, .ask';
      expect(await overlaps(page, `#root, ${rows}`)).toEqual([]);
      expect(await sticksOut(page, '.answer pre, .answer .table, .passage pre')).toEqual([]);
      await expectReadable(page, theme);
    }
  });

  it.each(sizes)('keeps a third for the conversation at $name', async (size) => {
    const { page, ...chat } = await openChat(size);
    await page.locator('.summary > summary').click();
    await page
      .locator('.skipped')
      .first()
      .evaluate((node) => {
        node.setAttribute('open', '');
      });
    await chat.view.screenshot(`look-fold-${size.name}`);
    const height = await page.locator('.scroller').evaluate(({ clientHeight }) => clientHeight);
    expect(height).toBeGreaterThanOrEqual(Math.min(160, size.height - 140));
    expect(height).toBeGreaterThanOrEqual(size.height / 3);
    const header = await page.locator('.header').evaluate(({ clientHeight }) => clientHeight);
    expect(header).toBeGreaterThan(50);
    const box = await page.locator('.ask').boundingBox();
    expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(size.height);
    expect(await sticksOut(page, '.answer pre, .answer .table, .passage pre')).toEqual([]);
  });

  it.each(sizes)('says that files changed, and leaves room to read, at $name', async (size) => {
    const { page, ...chat } = await openChat(size);
    const changed = { ...summary, changedFiles: 3 };
    await chat.view.send({ type: 'session', session: { kind: 'ready', summary: changed } });
    await page.getByRole('button', { name: 'Read Changes' }).waitFor();
    await chat.view.screenshot(`look-changed-${size.name}`);
    const height = await page.locator('.scroller').evaluate(({ clientHeight }) => clientHeight);
    expect(height).toBeGreaterThanOrEqual(size.height / 3);
    expect(await sticksOut(page, '.answer pre, .answer .table, .passage pre')).toEqual([]);
  });

  it.each(sizes)('begins well at $name', async (size) => {
    const opened = await open(size);
    await opened.send({ type: 'session', session: ready });
    await opened.screenshot(`look-empty-${size.name}`);
    expect(await opened.page.locator('.empty').innerText()).toContain(
      'Each question is answered on its own.',
    );
    expect(await sticksOut(opened.page, 'none')).toEqual([]);
    expect(await overlaps(opened.page, '#root, .empty, .suggestions')).toEqual([]);
  });

  it.each(themeNames)('shows where the focus is in %s', async (theme) => {
    const { page, ...chat } = await openChat({ ...sizes[0], theme });
    await page.locator('.summary > summary').focus();
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press('Tab');
      const ring = await page.evaluate(() => {
        const { activeElement } = document;
        if (activeElement === null) return 'nothing';
        const box = activeElement.closest('.ask') ?? activeElement;
        const { outlineStyle, outlineWidth, borderColor } = getComputedStyle(box);
        if (activeElement.matches('textarea')) return borderColor;
        return `${outlineStyle} ${outlineWidth}`;
      });
      expect(ring).toMatch(/^(?:auto|solid) [1-9]|^rgb/u);
    }
    await chat.view.screenshot(`look-focus-${theme}`);
  });

  async function openChat(size: PageOptions): Promise<{ view: ViewPage; page: ViewPage['page'] }> {
    const opened = await open(size);
    await opened.send({ type: 'session', session: ready }, { type: 'conversation', turns });
    return { view: opened, page: opened.page };
  }
});
