/** The message of a commit: written from what is staged, in place of what the user began. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

let folder: string;
let repository: TemporaryRepository;
let editor: Editor;

async function git(...words: string[]): Promise<void> {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
  await promisify(execFile)('git', [...who, ...words], { cwd: repository.folder });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loci-model-'));
  const model = path.join(folder, 'random.gguf');
  await writeRandomModel(model, { ...shapes.brief, context: 8192 }, 1);
  repository = await generatedRepository(3_000);
  await git('init', '--quiet');
  await git('add', '.');
  await git('commit', '--quiet', '--message', 'Begin');
  await open({ 'loci.modelPath': model });
  // Now: the number of changes would cover its icon later.
  await editor.openContainer('Source Control');
});

afterAll(async () => {
  await editor.close();
  await repository.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Opens the repository with a model, and waits until it is read. */
async function open(machineSettings: Readonly<Record<string, unknown>>): Promise<void> {
  editor = await Editor.open({
    folder: repository.folder,
    file: 'README.md',
    settings: { 'git.enabled': true },
    machineSettings: { ...machineSettings, 'loci.device': 'cpu' },
  });
  await editor.openLoci();
  await new Chat(await editor.view('chat')).ready();
}

const box = (): Locator => editor.page.locator('.scm-editor .view-lines').first();

it('asks for changes to stage first', async () => {
  await editor.runCommand('Loci: Write Commit Message');
  await editor.notification('Stage the changes that the message is to be of.').waitFor();
});

it('shows no secret to the model', async () => {
  await writeFile(path.join(repository.folder, '.env'), 'PASSWORD=1\n');
  await git('add', '--force', '.env');
  await editor.runCommand('Loci: Write Commit Message');
  await editor.notification('Stage fewer files: the model may see none of these').waitFor();
});

it('writes a message with the button, and brings back what the user wrote', async () => {
  await writeFile(path.join(repository.folder, 'added.ts'), 'export const added = 1;\n');
  await git('add', 'added.ts');
  await editor.page.locator('.scm-view').getByText('added.ts').first().waitFor();
  await box().click();
  await editor.page.keyboard.type('Mine');
  await editor.page.getByRole('button', { name: 'Write Commit Message' }).first().click();
  const done = editor.notification('The message took the place of yours.');
  await done.waitFor();
  const written = await box().innerText();
  expect(written.trim()).not.toBe('');
  expect(written).not.toContain('Mine');
  await editor.screenshot('57-commit-message');
  await done.getByRole('button', { name: 'Bring Mine Back' }).click();
  await until('the text from before', async () =>
    (await box().innerText()).trim() === 'Mine' ? true : null,
  );
});

it('says that the bundled model writes none', async () => {
  await editor.close();
  await open({});
  await editor.runCommand('Loci: Write Commit Message');
  await editor.notification('This model writes no messages.').waitFor();
});
