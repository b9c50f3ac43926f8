/** A model is downloaded from a hub on this machine, paused, used and deleted, in the editor alone. */

import { copyFile, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromRoot } from '../../scripts/support/paths.mjs';
import { ModelServer } from '../fixtures/model-server.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

const bundled = fromRoot('extension', 'models', 'bundled', 'loci-tiny-f16.gguf');
const model = await readFile(bundled);

let hub: ModelServer;
let repository: TemporaryRepository;
let editor: Editor;
let folder: string;

beforeAll(async () => {
  hub = await new ModelServer().listen();
  repository = await generatedRepository(1_000);
  editor = await Editor.open({
    folder: repository.folder,
    machineSettings: { 'loci.device': 'cpu', 'loci.modelHub': hub.address() },
  });
  // An open palette lacks commands of an extension that starts later.
  await editor.statusItem.waitFor();
  folder = path.join(editor.home, 'downloaded');
  await rm(folder, { recursive: true, force: true });
});

afterAll(async () => {
  await editor.close();
  await hub.close();
  await repository.remove();
  await rm(folder, { recursive: true, force: true });
});

describe('Download a Model', () => {
  it('says what fits, and asks for a token where the hub wants one', async () => {
    hub.answer('/owner/tiny/resolve/main/tiny.gguf', (request, response) => {
      const right = request.headers.authorization === 'Bearer hf_right';
      response.writeHead(right ? 302 : 401, right ? { location: '/store' } : {}).end();
    });
    // Slow enough to be paused on a fast machine, and on a busy one.
    hub.file('/store', model, { headers: { etag: '"one"' }, pauseMs: 2_000 });
    await editor.runCommand('Loci: Download a Model…');
    const row = rows('Qwen2.5-Coder 0.5B');
    await row.waitFor();
    expect(await row.innerText()).toMatch(/644 MiB, Q8_0, Apache-2\.0[\s\S]*fit/u);
    await editor.screenshot('60-download');
    expect(hub.requests).toEqual([]);
    await rows('Enter an Address…').click();
    await write('owner/tiny/tiny.gguf');
    const wanted = editor.notification('needs a token for tiny.gguf');
    await wanted.getByRole('button', { name: 'Enter a Token…' }).click();
    await write('hf_right');
  });

  it('shows how far it is, and pauses', async () => {
    // That of the attempt without a token goes a moment later than the attempt.
    const progress = editor.notification('KiB/s');
    await progress.getByText('Downloading tiny.gguf').waitFor();
    await editor.screenshot('61-downloading');
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await editor.notification('The download of tiny.gguf is paused.').waitFor();
    expect((await readdir(folder)).sort()).toEqual(['tiny.gguf.part', 'tiny.gguf.part.json']);
  });

  it('goes on where it was, and offers the model for use', async () => {
    hub.file('/store', model, { headers: { etag: '"one"' } });
    await editor.pick('Loci: Download a Model…', 'tiny.gguf');
    const done = editor.notification('tiny.gguf is downloaded.');
    await done.getByRole('button', { name: 'Use This Model' }).click();
    expect(hub.requests.at(-1)).toMatchObject({ path: '/store' });
    expect(hub.requests.at(-1)?.headers.range).toMatch(/^bytes=[1-9]\d*-$/u);
    expect(model.equals(await readFile(path.join(folder, 'tiny.gguf')))).toBe(true);
    await editor.dialog.waitFor();
    expect(await editor.dialog.innerText()).toContain('Trained context: 4,096 tokens');
    await editor.dialog.getByRole('button', { name: 'Use This Model' }).click();
    await until('the setting', async () =>
      (await editor.machineSettings()).includes(path.join(folder, 'tiny.gguf')) ? true : null,
    );
  });
});

describe('Manage Models', () => {
  it('keeps the model in use, and deletes another one', async () => {
    await copyFile(bundled, path.join(folder, 'other.gguf'));
    await editor.pick('Loci: Manage Models…', 'tiny.gguf');
    await rows('Delete…').click();
    await editor.notification('Choose another model before you delete it.').waitFor();
    await editor.pick('Loci: Manage Models…', 'other.gguf');
    await rows('Delete…').click();
    await editor.dialog.getByRole('button', { name: 'Delete' }).click();
    await editor.notification('other.gguf is deleted.').waitFor();
    expect(await readdir(folder)).toEqual(['tiny.gguf']);
  });
});

/** The first row of the open list with a text. */
function rows(text: string): ReturnType<Editor['page']['locator']> {
  return editor.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
}

/** Writes into the open box. */
async function write(text: string): Promise<void> {
  const input = editor.page.locator('.quick-input-widget input').first();
  await until('an empty box', async () => ((await input.inputValue()) === '' ? true : null));
  await input.fill(text);
  await editor.page.keyboard.press('Enter');
}
