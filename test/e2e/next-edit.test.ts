/** The next edit on demand: a proposal beside the file, or one sentence that says why there is none. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';

let folder: string;
let repository: TemporaryRepository;
let editor: Editor;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loci-model-'));
  repository = await generatedRepository(3_000);
});
afterEach(async () => editor.close());
afterAll(async () => {
  await repository.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Opens the repository with a model of random weights, or the bundled one, and reads it. */
async function open(name: string | null): Promise<void> {
  const model = path.join(folder, 'random.gguf');
  const metadata = { 'general.name': { type: 'string', value: name ?? '' } } as const;
  await writeRandomModel(model, { ...shapes.brief, context: 8192 }, 1, metadata);
  editor = await Editor.open({
    folder: repository.folder,
    file: 'README.md',
    machineSettings: {
      ...(name === null ? {} : { 'loci.modelPath': model }),
      'loci.device': 'cpu',
    },
  });
  await editor.openLoci();
  await new Chat(await editor.view('chat')).ready();
  await editor.codeEditor.locator('.view-line').first().click();
}

it('is proposed after what was typed, or nothing is, and the file is as it was typed', async () => {
  await open('Sweep Next-Edit 0.5B');
  await editor.page.keyboard.press('Control+Home');
  await editor.page.keyboard.type('One ');
  await editor.runCommand('Loci: Suggest Next Edit');
  const proposed = editor.page.getByRole('tab', { name: 'Proposed Change' });
  const none = editor.notification('The model suggests no edit here.');
  await proposed.or(none).first().waitFor();
  expect(await editor.page.getByText('One ', { exact: false }).count()).toBeGreaterThan(0);
});

it('says that a model was not trained for it', async () => {
  await open('Random');
  await editor.runCommand('Loci: Suggest Next Edit');
  await editor.notification('was not trained to suggest next edits').waitFor();
});

it('says that the bundled model suggests none', async () => {
  await open(null);
  await editor.runCommand('Loci: Suggest Next Edit');
  await editor.notification('The bundled model does not suggest next edits.').waitFor();
});
