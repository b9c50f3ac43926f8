/** The map in every theme, at every size: it can be read, nothing is cut off or covers something else. */

import { afterEach, describe, expect, it } from 'vitest';
import { contrasts } from '../e2e/support/contrast.ts';
import { mapFiles } from '../fixtures/map-files.ts';
import { cut, outOfReach, overlaps, sticksOut } from './support/layout.ts';
import { summary } from './support/look-data.ts';
import { ViewPage } from './support/page.ts';
import type { PageOptions } from './support/page.ts';
import { themeNames } from './support/themes.ts';

let view: ViewPage | null = null;

afterEach(async () => {
  const opened = view;
  view = null;
  await opened?.close();
});

const session = { kind: 'ready', summary } as const;
const files = mapFiles(600);
const paths = files.toSorted((a, b) => b.tokens - a.tokens).map(({ path }) => path);
const map = { type: 'map', session, files, changed: paths.slice(3, 9) } as const;
const attention = {
  type: 'attention',
  files: paths.slice(1, 13).map((path, index) => ({ path, share: 0.3 / (index + 1) })),
} as const;

const sizes = [
  { name: 'wide', width: 1200, height: 760, zoom: 1 },
  { name: '300', width: 300, height: 600, zoom: 1 },
  { name: 'zoomed', width: 600, height: 380, zoom: 2 },
] as const;

async function open(options: PageOptions): Promise<ViewPage> {
  view = await ViewPage.open({ view: 'map', ...options });
  await view.send(map, attention);
  return view;
}

async function expectGoodLook({ page }: ViewPage, name: string): Promise<void> {
  const pale = (await contrasts(page.mainFrame())).filter(({ contrast }) => contrast < 4.5);
  expect(pale, name).toEqual([]);
  expect(await sticksOut(page, '.map-table, .map-stage'), name).toEqual([]);
  const rows = '#root, .map-content, .map-bar, .map-tools, .map-middle, .map-legend, .map-details';
  expect(await overlaps(page, rows), name).toEqual([]);
  const texts = 'h2, .map-line, .map-legend li, .map-breadcrumb li, .hint';
  expect(await cut(page, texts), name).toEqual([]);
  expect(await outOfReach(page, '.map-tools button, .map-tools input', false), name).toEqual([]);
}

/** Of the table a few rows are enough. */
const few = { ...map, files: files.slice(0, 60) };

describe.each(sizes)('at $name', ({ name, ...size }) => {
  it('the map, its details and its table can be read in every theme', async () => {
    const opened = await open(size);
    const { page } = opened;
    const look = async (part: string, message: typeof map): Promise<void> => {
      for (const theme of themeNames) {
        await opened.setTheme(theme);
        await opened.send(message);
        await opened.screenshot(`${part}-${name}-${theme}`);
        await expectGoodLook(opened, `${part}-${name}-${theme}`);
      }
    };
    await look('map', map);
    const stage = await page.locator('.map-stage').boundingBox();
    expect(stage?.height).toBeGreaterThan(size.height / 3);
    await page.getByRole('button', { name: 'Show details' }).click();
    const path = await selectedFile(page);
    await opened.send({
      type: 'inspected',
      path,
      retention: {
        path,
        tokens: 1000,
        heads: Array.from({ length: 24 }, (_, layer) => [layer / 24, 0.5, 1, 0.001]),
      },
    });
    expect(await page.locator('.map-layers tbody tr').count()).toBe(24);
    await look('map-details', map);
    await page.getByRole('button', { name: 'Show as a table' }).click();
    await look('map-table', few);
  });
});

/** Moves to a large file and returns its path. */
async function selectedFile(page: ViewPage['page']): Promise<string> {
  const path = paths.find((each) => !each.includes('/')) ?? '';
  const search = page.getByRole('searchbox');
  await search.fill(path);
  await search.press('Enter');
  expect(await page.locator(':focus').getAttribute('aria-label')).toBe(`${path}, file`);
  await search.fill('');
  return path;
}
