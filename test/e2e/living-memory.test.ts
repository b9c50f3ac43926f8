/** The memory follows files that change, and a smaller budget in the settings. */

import { rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsFiles } from '../../scripts/workbench.mjs';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

let repository: TemporaryRepository;
let editor: Editor;
let chat: Chat;

beforeAll(async () => {
  repository = await generatedRepository(6_000);
  editor = await Editor.open({
    folder: repository.folder,
    file: 'README.md',
    machineSettings: { 'loci.device': 'cpu', 'loci.budget': '50%' },
  });
  await editor.openLoci();
  chat = new Chat(await editor.view('chat'));
  await chat.ready();
});

afterAll(async () => {
  await editor.close();
  await repository.remove();
});

describe('files that change', () => {
  /** Asks until the answer is the wanted one, and says how long after the change that was. */
  async function askUntil(question: string, answer: string): Promise<void> {
    const startedAt = performance.now();
    await until(`the answer ${answer}`, async () => {
      await chat.ask(question);
      await chat.answered();
      return (await chat.answer()) === answer || null;
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
    process.stdout.write(`${question} ${answer} after ${seconds} s\n`);
  }

  /** What the memory view says of the repository's tokens. */
  async function tokens(): Promise<number> {
    const memory = await editor.view('memory');
    const text = await memory.locator('.total').innerText();
    return Number(/of ([\d,]+) tokens/u.exec(text)?.[1]?.replaceAll(',', ''));
  }

  /** The log's lines on changes that were followed, once there are this many. */
  async function followed(count: number): Promise<string[]> {
    return until(`${String(count)} followed changes`, async () => {
      const lines = (await editor.log()).match(/Changes were followed in .*/gu) ?? [];
      return lines.length >= count ? lines : null;
    });
  }

  it('are known by their new text, and the old text by nothing', async () => {
    const before = await tokens();
    const added = path.join(repository.folder, 'orbit.ts');
    await writeFile(added, 'export const ORBIT_OF_CERES = 48151;\n');
    await askUntil('What is the value of ORBIT_OF_CERES?', '48151');
    expect(await tokens()).toBeGreaterThan(before);
    await writeFile(added, 'export const ORBIT_OF_CERES = 62342;\n');
    await askUntil('What is the value of ORBIT_OF_CERES?', '62342');
    await editor.screenshot('44-followed');
  });

  it('cost nothing where they are renamed', async () => {
    // Answers come from a new text before the memory has followed it.
    const before = await followed(2);
    const memory = await editor.view('memory');
    const moved = path.join(repository.folder, 'moon.ts');
    await rename(path.join(repository.folder, 'orbit.ts'), moved);
    const filter = memory.getByPlaceholder('Filter files');
    await filter.fill('moon.ts');
    await memory.getByText('moon.ts').first().waitFor();
    await filter.fill('orbit.ts');
    await memory.getByText('No file').waitFor();
    await filter.fill('');
    expect((await followed(before.length + 1)).at(-1)).toMatch(/0 files, 0 tokens; 0 forgotten/u);
    expect(await chat.panel.getByText('changed since').count()).toBe(0);
  });
});

describe('a budget that is made smaller in the settings', () => {
  it('is met without a reading, and the memory answers', async () => {
    const memory = await editor.view('memory');
    const total = memory.locator('.total');
    await total.getByText('Remembers 50 %').waitFor();
    const before = await total.innerText();
    await editor.screenshot('42-half');

    await editor.runCommand('Loci: Open Settings');
    const settings = editor.page.locator('.settings-editor .setting-item-contents');
    const budget = settings.filter({ hasText: 'Budget' }).locator('input').first();
    // As a user types it: the last of these is what is wanted.
    for (const value of ['40%', '30%', '10%']) await budget.fill(value);
    await budget.press('Tab');
    // A share is never less than 1,024 tokens.
    await total.getByText('1,024 of').waitFor();
    // The settings editor itself waits for a second before it writes what was typed.
    const { mtimeMs } = await stat(settingsFiles(editor.home).machine);
    const seconds = (Date.now() - mtimeMs) / 1000;
    const after = await total.innerText();
    process.stdout.write(`from "${before}" to "${after}" in ${seconds.toFixed(2)} s\n`);
    expect(kibibytes(after)).toBeLessThan(kibibytes(before) / 2);
    // Far less alone; other tests run beside this one.
    expect(seconds).toBeLessThan(20);
    // The settings take the focus back whenever they are drawn anew.
    await editor.runCommand('View: Close All Editors');
    const asked = repository.questions.find(({ kind }) => kind === 'const');
    await chat.ask(asked?.question ?? '');
    await chat.answered();
    expect(await chat.answer()).toBe(asked?.answer);
    await editor.screenshot('43-tenth');
  });
});

describe('a file that is chosen in a context menu', () => {
  const file = (): string => repository.questions[0]?.path ?? '';

  /** Opens the menu of what is pointed at, and runs a line of it. */
  async function choose(target: Locator, line: string): Promise<void> {
    const item = editor.page.locator('.monaco-menu .action-label', { hasText: line });
    await target.click({ button: 'right' });
    await item.waitFor();
    // A menu takes no click in the moment in which it opens.
    await until(`the line ${line}`, async () => {
      await item.click({ timeout: 2_000 }).catch(() => undefined);
      return (await item.count()) === 0 || null;
    });
  }

  /** Waits until the memory view says this of a file. */
  async function listed(path: string, words: RegExp): Promise<void> {
    const memory = await editor.view('memory');
    const filter = memory.getByPlaceholder('Filter files');
    await filter.fill(path);
    await memory.getByRole('option', { name: words }).first().waitFor();
    await filter.fill('');
  }

  it('is pinned and unpinned in the explorer, and the list says so', async () => {
    const row = editor.page.locator('.explorer-folders-view .monaco-list-row', {
      hasText: 'README.md',
    });
    for (const [line, words] of [
      ['Pin in Memory', /README\.md, .*pinned/u],
      ['Unpin', /README\.md, .* held$/u],
    ] as const) {
      await editor.openContainer('Explorer');
      await choose(row.first(), line);
      await editor.openLoci();
      await listed('README.md', words);
    }
  });

  it('is left out in the explorer, and taken in again where it is shown as left out', async () => {
    const row = editor.page.locator('.explorer-folders-view .monaco-list-row', {
      hasText: 'README.md',
    });
    for (const [line, words] of [
      ['Exclude from Memory', /README\.md, excluded, so never read/u],
      ['Include in Memory Again', /README\.md, .* held$/u],
    ] as const) {
      await editor.openContainer('Explorer');
      await choose(row.first(), line);
      await editor.openLoci();
      await listed('README.md', words);
    }
  });

  it('is pinned, left out and taken in again in the map', async () => {
    await editor.runCommand('Loci: Show Memory Map');
    const map = await editor.view('map');
    await map.getByRole('button', { name: 'Show as a table' }).click();
    const row = map.locator('.map-table tr', { hasText: file() }).first();
    await choose(row, 'Pin in Memory');
    await row.getByText('pinned').or(row.locator('.pin-mark')).first().waitFor();
    await choose(row, 'Unpin');
    await row.locator('.pin-mark').waitFor({ state: 'detached' });
    await choose(row, 'Exclude from Memory');
    await row.getByText('excluded').waitFor();
    await listed(file(), /, excluded, so never read$/u);
    await editor.screenshot('45-excluded-in-map');
    await choose(row, 'Include in Memory Again');
    await row.getByText('excluded').waitFor({ state: 'detached' });
    await row.getByText('%').waitFor();
  });
});

/** The bytes that a line of the view ends with. */
function kibibytes(line: string): number {
  const { value = '0', unit = 'KiB' } =
    /(?<value>[\d.]+) (?<unit>KiB|MiB)/u.exec(line)?.groups ?? {};
  return Number(value) * (unit === 'MiB' ? 1024 : 1);
}
