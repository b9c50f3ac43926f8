/** What the user has said of files: how the list and the map show it, and tell the editor's menu of it. */

import { afterEach, expect, it } from 'vitest';
import { summary } from './support/look-data.ts';
import { ViewPage } from './support/page.ts';

let view: ViewPage | null = null;

afterEach(async () => {
  await view?.close();
  view = null;
});

const session = { kind: 'ready', summary } as const;
const files = [
  { path: 'src/a.ts', tokens: 600, kept: 0.5 },
  { path: 'b.ts', tokens: 300, kept: 1 },
];
const choices = { excluded: ['docs/', 'src/old.ts'], pinned: ['b.ts', 'src/'] };

/** What the editor would be told of an element, as it merges it from the element outwards. */
const contextAt = async (opened: ViewPage, selector: string): Promise<unknown> =>
  opened.page.locator(selector).evaluate((target) => {
    target.dispatchEvent(
      new MouseEvent('contextmenu', {
        bubbles: true,
        button: 2,
        clientX: target.getBoundingClientRect().x + 3,
        clientY: target.getBoundingClientRect().y + 3,
      }),
    );
    let merged: Record<string, unknown> = {};
    for (let at: Element | null = target; at !== null; at = at.parentElement) {
      const own = at.getAttribute('data-vscode-context');
      if (own !== null) merged = { ...(JSON.parse(own) as Record<string, unknown>), ...merged };
    }
    return merged;
  });

it('is shown in the list, which says that such a file is never read', async () => {
  view = await ViewPage.open({ view: 'memory' });
  await view.send({ type: 'memory', session, files, ...choices });
  const { page } = view;
  const rows = page.getByRole('option');
  expect(await rows.count()).toBe(4);
  const folder = page.getByRole('option', { name: 'docs/, excluded, so never read' });
  expect(await folder.innerText()).toContain('Excluded');
  const read = page.getByRole('option', { name: 'b.ts, 300 tokens, 100 % held, pinned' });
  expect(await read.innerText()).not.toContain('Excluded');
  expect(await read.locator('.pin-mark').isVisible()).toBe(true);
  expect(await page.locator('.pin-mark').count()).toBe(1);
  expect(await contextAt(view, '.row.excluded >> nth=0')).toEqual({
    preventDefaultContextMenuItems: true,
    lociPath: 'docs/',
    lociExcluded: true,
    lociPinned: false,
  });
  expect(await contextAt(view, '.row:not(.excluded) >> nth=0')).toMatchObject({
    lociPath: 'src/a.ts',
    lociExcluded: false,
    lociPinned: false,
  });
  // The key for the menu means the active row, and a folder cannot be opened.
  await page.locator('.file-list').focus();
  await page.keyboard.press('End');
  expect(await contextAt(view, '.file-list')).toMatchObject({ lociPath: 'src/old.ts' });
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  expect(await contextAt(view, '.file-list')).toMatchObject({ lociPath: 'docs/' });
  expect((await view.posted()).filter(({ type }) => type === 'open')).toEqual([]);
  // Taken in again, it is told with the files.
  await view.send({ type: 'memory', session, files });
  expect(await rows.count()).toBe(2);
  expect(await page.locator('.pin-mark').count()).toBe(0);
});

it('is in the table of the map, and its tiles tell the menu what they are', async () => {
  view = await ViewPage.open({ view: 'map', width: 1000, height: 700 });
  await view.send({ type: 'map', session, files, changed: [], ...choices });
  const { page } = view;
  expect(await contextAt(view, '.map-stage')).toMatchObject({
    lociPath: 'src/',
    lociPinned: true,
  });
  await page.getByRole('button', { name: 'Show as a table' }).click();
  const pinned = page.locator('.map-table tr', { hasText: 'b.ts' });
  expect(await pinned.innerText()).toContain('100 %, pinned');
  const row = page.locator('.map-table tr', { hasText: 'src/old.ts' });
  expect(await row.innerText()).toContain('excluded');
  expect(await contextAt(view, '.map-table tr:has-text("src/old.ts")')).toMatchObject({
    lociPath: 'src/old.ts',
    lociExcluded: true,
  });
});
