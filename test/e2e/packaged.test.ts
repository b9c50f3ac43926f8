/** A stranger's path: the package installed in an editor, to the first right answer. */

import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planPackage } from '../../scripts/package/plan.mjs';
import type { PackagePlan } from '../../scripts/package/plan.mjs';
import { thisTarget } from '../../scripts/package/targets.mjs';
import { largestBytes, writePackage } from '../../scripts/package/vsix.mjs';
import { fullRun } from '../tools/full-run.ts';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { sampleCopy } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

/** The tab of the walkthrough. */
const welcome = 'Welcome';

/** What the packager calls some files, by their names in the project. */
const renamed: Readonly<Record<string, string>> = {
  'CHANGELOG.md': 'changelog.md',
  LICENSE: 'LICENSE.txt',
  'README.md': 'readme.md',
};

describe.runIf(fullRun)('an installed package (only in a full run)', () => {
  let repository: TemporaryRepository;
  let plan: PackagePlan;
  let editor: Editor;
  let begun: number;
  let question: string;

  /** The folder that the editor installed the package into. */
  async function installed(): Promise<string> {
    const extensions = path.join(editor.home, 'extensions');
    const folders = (await readdir(extensions)).filter((name) => name.startsWith('loci.loci-'));
    expect(folders.length).toBe(1);
    return path.join(extensions, folders[0] ?? '');
  }

  beforeAll(async () => {
    repository = await sampleCopy(false);
    plan = await planPackage(thisTarget);
    const { file, bytes } = await writePackage(plan);
    expect(bytes).toBeLessThan(largestBytes);
    const machineSettings = { 'workbench.welcomePage.walkthroughs.openOnInstall': true };
    editor = await Editor.open({ folder: repository.folder, extension: file, machineSettings });
    begun = performance.now();
  });

  afterAll(async () => {
    await editor.close();
    await repository.remove();
  });

  it('has the files of the plan and no others', async () => {
    const folder = await installed();
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && entry.name !== '.vsixmanifest')
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
    const planned = plan.files.map((file) => renamed[file.path] ?? file.path);
    expect(files.sort()).toEqual(planned.sort());
  });

  it('opens the walkthrough on the first start, and the view from it', async () => {
    const { page } = editor;
    await page.getByRole('tab', { name: welcome }).waitFor();
    await page.locator('h2', { hasText: 'Get Started with Loci' }).waitFor();
    await page.getByRole('button', { name: 'Open Loci' }).waitFor();
    await editor.screenshot('70-package-first-start');
    await page.getByRole('button', { name: 'Open Loci' }).click();
  });

  it('reads with the bundled model and answers a suggested question, within a minute', async () => {
    const chat = new Chat(await editor.view('chat'));
    await chat.ready();
    const values = chat.frame.locator('.suggestions .button', { hasText: 'value of' });
    await values.first().click();
    await chat.answered();
    const seconds = (performance.now() - begun) / 1000;
    await chat.lastTurn.locator('.citations .reference').first().waitFor();
    question = await chat.lastTurn.locator('.question').innerText();
    const answer = await chat.answer();
    const citation = await chat.lastTurn.locator('.citations .reference').first().innerText();
    const [file = '', line = ''] = citation.split(':');
    const code = (await repository.read(file)).split('\n')[Number(line) - 1] ?? '';
    expect(code).toContain(/value of (\S+)\?/u.exec(question)?.[1] ?? 'no name');
    expect(code).toContain(answer);
    await editor.screenshot('71-package-first-answer');
    expect(seconds).toBeLessThan(60);
  });

  it('ticks the steps that were taken', async () => {
    const { page } = editor;
    for (const step of ['open', 'read', 'ask']) await editor.tick(step).waitFor();
    for (const step of ['model', 'complete']) expect(await editor.tick(step).count()).toBe(0);
    await page.getByText('Read this folder', { exact: true }).first().click();
    await until('the text of the step', async () => {
      for (const frame of page.frames()) {
        const heading = frame.getByRole('heading', { name: 'What Loci reads' });
        if ((await heading.count().catch(() => 0)) > 0) return true;
      }
      return null;
    });
    await editor.screenshot('72-package-steps');
  });

  it('does not open the walkthrough again', async () => {
    const { page } = editor;
    await editor.runCommand('View: Close All Editors');
    await page.getByRole('tab', { name: welcome }).waitFor({ state: 'detached' });
    // The editor writes down which tabs are open every five seconds.
    await sleep(7_000);
    await page.reload();
    await editor.statusItem.waitFor();
    // The view is open as before.
    await new Chat(await editor.view('chat')).ready();
    expect(await page.getByRole('tab', { name: welcome }).count()).toBe(0);
    await editor.screenshot('73-package-second-start');
  });

  it('has the command line in it', async () => {
    const cli = path.join(await installed(), 'dist', 'cli.mjs');
    expect((await stat(cli)).isFile()).toBe(true);
    const args = ['ask', '--repo', repository.folder, '--budget', '10%', '--question', question];
    const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], {
      cwd: editor.home,
      env: { ...process.env, HOME: editor.home },
    });
    expect(stdout).toMatch(/^\S+\n {2}\S+\.ts:\d+\n/u);
  });

  it('asked no other machine for anything', () => {
    expect([...editor.foreignHosts]).toEqual([]);
  });
});
