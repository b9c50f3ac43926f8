/** The map as it is used: by keys alone, with a pointer, while it changes, and with hostile names. */

import { afterEach, describe, expect, it } from 'vitest';
import type { FileShare } from '../../extension/protocol/file-share.ts';
import { summary } from './support/look-data.ts';
import { ViewPage } from './support/page.ts';

let view: ViewPage | null = null;

afterEach(async () => {
  const opened = view;
  view = null;
  await opened?.close();
});

const session = { kind: 'ready', summary } as const;

async function openMap(files: readonly FileShare[]): Promise<ViewPage> {
  view = await ViewPage.open({ view: 'map', width: 1000, height: 700 });
  await view.send({ type: 'map', session, files, changed: [] });
  await view.posted();
  return view;
}

const few: readonly FileShare[] = [
  { path: 'src/engine/reader.ts', tokens: 6_000, kept: 0.5, lines: 0 },
  { path: 'src/engine/writer.ts', tokens: 3_000, kept: 0.1 },
  { path: 'src/main.ts', tokens: 1_500, kept: 0.25, lineCount: 120 },
  { path: 'docs/guide.md', tokens: 4_000, kept: 0.05 },
  { path: 'README.md', tokens: 1_000, kept: 1 },
].map(({ path: name, tokens, kept, lineCount }) => ({
  path: name,
  tokens,
  kept,
  ...(lineCount === undefined ? {} : { lineCount }),
}));

describe('by keys alone', () => {
  it('moves, zooms in, opens a file and comes back', async () => {
    const opened = await openMap(few);
    const { page } = opened;
    const item = page.getByRole('treeitem');
    const current = (): Promise<string | null> => page.locator(':focus').getAttribute('aria-label');
    for (let step = 0; step < 8 && (await item.count()) > 0; step++) {
      await page.keyboard.press('Tab');
      if (await item.evaluate((node) => node === document.activeElement)) break;
    }
    expect(await current()).toBe('src, folder');
    expect(await page.locator('.map-line').innerText()).toBe(
      'src: 3 files, 10,500 tokens, 35 % remembered (3,675 tokens), 120 lines',
    );
    await page.keyboard.press('ArrowDown');
    expect(await current()).toBe('src/engine, folder');
    await page.keyboard.press('Enter');
    expect(await page.locator('.map-breadcrumb').innerText()).toMatch(/All files\s*src\s*engine/u);
    expect(await current()).toBe('src/engine/reader.ts, file');
    expect(await page.locator('.map-line').innerText()).toBe(
      'src/engine/reader.ts: 6,000 tokens, 50 % remembered (3,000 tokens)',
    );
    await page.keyboard.press('Enter');
    expect(await opened.posted()).toEqual([
      { type: 'open', path: 'src/engine/reader.ts', fromLine: null, toLine: null },
    ]);
    await page.keyboard.press('ArrowRight');
    expect(await current()).toBe('src/engine/writer.ts, file');
    await page.keyboard.press('Escape');
    expect(await current()).toBe('src/engine, folder');
    await page.keyboard.press('Escape');
    expect(await current()).toBe('src, folder');
    await page.keyboard.press('Escape');
    expect(await page.locator('.map-breadcrumb').innerText()).toBe('All files');
  });

  it('searches, goes to what is found, and sorts the table', async () => {
    const opened = await openMap(few);
    const { page } = opened;
    await page.getByRole('searchbox').focus();
    await page.keyboard.type('GUIDE');
    expect(await page.locator('.map-found').innerText()).toBe('1 of 5 files found');
    await page.keyboard.press('Enter');
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('docs/guide.md, file');
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'Show as a table' }).focus();
    await page.keyboard.press('Space');
    const rows = page.getByRole('rowheader');
    expect(await rows.allInnerTexts()).toEqual([
      'src/engine/reader.ts',
      'docs/guide.md',
      'src/engine/writer.ts',
      'src/main.ts',
      'README.md',
    ]);
    await page.getByRole('button', { name: 'Share' }).focus();
    await page.keyboard.press('Enter');
    expect((await rows.allInnerTexts())[0]).toBe('README.md');
    expect(await page.locator('[aria-sort]').innerText()).toBe('Share');
    expect(await page.locator('[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    await page.keyboard.press('Enter');
    expect((await rows.allInnerTexts())[0]).toBe('docs/guide.md');
    await rows.first().getByRole('button').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await opened.posted()).toContainEqual({
      type: 'open',
      path: 'src/engine/writer.ts',
      fromLine: null,
      toLine: null,
    });
  });

  it('shows what each layer holds of a file, for which it asks once', async () => {
    const opened = await openMap(few);
    const { page } = opened;
    await page.getByRole('button', { name: 'Show details' }).click();
    const item = page.getByRole('treeitem');
    await item.focus();
    await page.keyboard.press('End');
    const file = ((await item.getAttribute('aria-label')) ?? '').replace(/, file$/u, '');
    await page.waitForTimeout(600);
    expect(await opened.posted()).toEqual([{ type: 'inspect', path: file }]);
    const heads = [
      [0.5, 0.25],
      [1, 0],
    ];
    await opened.send({ type: 'inspected', path: 'other.ts', retention: null });
    await opened.send({
      type: 'inspected',
      path: file,
      retention: { path: file, tokens: 9, heads },
    });
    const rows = await page.locator('.map-layers tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split(/\s*\t\s*/u))).toEqual([
      ['0', '38 %', '25 %', '50 %'],
      ['1', '50 %', '0 %', '100 %'],
    ]);
    await opened.send({ type: 'inspected', path: file, retention: null });
    expect(await page.locator('.map-layers').innerText()).toBe(
      'What each layer holds is not known now.',
    );
  });
});

describe('with the pointer', () => {
  it('tells the numbers of what it is over, zooms into folders and opens files', async () => {
    const opened = await openMap(few);
    const { page } = opened;
    const stage = (await page.locator('.map-stage').boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.move(stage.x + 30, stage.y + 9);
    expect((await page.locator('.map-tooltip').innerText()).split('\n')).toEqual([
      'src',
      '3 files',
      '10,500 tokens',
      '35 % remembered (3,675 tokens)',
      '120 lines',
    ]);
    await page.mouse.click(stage.x + 30, stage.y + 9);
    expect(await page.locator('.map-breadcrumb [aria-current]').innerText()).toBe('src');
    await page.mouse.click(stage.x + 30, stage.y + 60);
    expect(await opened.posted()).toEqual([
      { type: 'open', path: 'src/engine/reader.ts', fromLine: null, toLine: null },
    ]);
    await page.getByRole('button', { name: 'All files' }).click();
    expect(await page.locator('.map-breadcrumb').innerText()).toBe('All files');
  });
});

describe('while the memory changes', () => {
  it('stays where one is, says what changed and what was attended to', async () => {
    const opened = await openMap(few);
    const { page } = opened;
    await page.getByRole('treeitem').focus();
    await page.keyboard.press('Enter');
    const inFolder = await page.locator(':focus').getAttribute('aria-label');
    const spoken = page.locator('.map-content > .visually-hidden[role="status"]');
    const said = await spoken.innerText();
    const files = few.map((file) => ({ ...file, kept: 0.01 }));
    const changed = ['src/engine/reader.ts'];
    await opened.send({ type: 'map', session, files, changed });
    await opened.send({ type: 'attention', files: [{ path: 'src/main.ts', share: 0.4 }] });
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe(inFolder);
    // The numbers on screen follow; what is read out waits for the next move.
    expect(await page.locator('.map-line').innerText()).toContain('1 % remembered');
    expect(await spoken.innerText()).toBe(said);
    await page.keyboard.press('End');
    expect(await spoken.innerText()).toContain('src/main.ts: 1,500 tokens, 1 % remembered');
    expect(await page.locator('.map-line').innerText()).toBe(
      'src/main.ts: 1,500 tokens, 1 % remembered (15 tokens), 120 lines, number 1 by attention of the last question (40 %)',
    );
    await opened.send({ type: 'map', session, files: files.slice(3), changed: [] });
    expect(await page.locator('.map-breadcrumb').innerText()).toBe('All files');
  });

  it('grows while the repository is read for the first time', async () => {
    view = await ViewPage.open({ view: 'map', width: 600, height: 400 });
    const { page } = view;
    const progress = {
      phase: 'reading',
      files: 1,
      totalFiles: 5,
      tokens: 6_000,
      totalTokens: 15_500,
      tokensPerSecond: 1_000,
      etaSeconds: 9,
      heldTokens: 600,
      budgetTokens: 1_550,
    };
    const begun = { cause: 'requested', cancelling: false, notice: null, summary: null };
    const reading = { kind: 'reading', progress, ...begun };
    await view.send({ type: 'session', session: { kind: 'idle' } });
    expect(await page.locator('.hint').innerText()).toBe(
      'Nothing has been read yet. Run Loci: Read Repository to see the map.',
    );
    await view.send({ type: 'map', session: reading, files: few.slice(0, 1), changed: [] });
    expect(await page.locator('.hint').innerText()).toBe(
      'Loci is reading (38 %). The map grows with it.',
    );
    expect(await page.getByRole('treeitem').count()).toBe(1);
  });
});

it('shows hostile names as text, with marks for what they hide', async () => {
  const names = [
    '<img src=x onerror=alert(1)>.ts',
    'safe\u202Egpj.exe',
    'bell\u0007.ts',
    '"onmouseover="alert(1)',
    '__proto__/constructor',
    `${'deep/'.repeat(300)}end.ts`,
    `${'long'.repeat(5_000)}.ts`,
  ];
  const opened = await openMap(names.map((name) => ({ path: name, tokens: 500, kept: 0.5 })));
  const { page } = opened;
  const item = page.getByRole('treeitem');
  await item.focus();
  const labels: string[] = [];
  for (const key of ['Home', ...Array.from({ length: 12 }, () => 'ArrowRight')]) {
    await page.keyboard.press(key);
    labels.push((await item.getAttribute('aria-label')) ?? '');
  }
  await opened.screenshot('map-hostile');
  await page.getByRole('button', { name: 'Show as a table' }).click();
  const texts = await page.getByRole('rowheader').allInnerTexts();
  expect(texts).toContain('<img src=x onerror=alert(1)>.ts');
  expect(texts).toContain('safe[U+202E]gpj.exe');
  expect(texts).toContain('bell\u2407.ts');
  expect(texts).toHaveLength(names.length);
  expect(
    [...labels, ...texts].some((text) => text.includes('\u0007') || text.includes('\u202E')),
  ).toBe(false);
});
