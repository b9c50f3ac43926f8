import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteModel, downloadedModels, modelFolder } from './model-folder.ts';
import { PartFile } from './part-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-models-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the folder of models', () => {
  it.each([
    [{}, 'linux', '/h', '/h/.local/share/loci/models'],
    [{ XDG_DATA_HOME: '/data' }, 'linux', '/h', '/data/loci/models'],
    [{ XDG_DATA_HOME: 'relative' }, 'linux', '/h', '/h/.local/share/loci/models'],
    [{ XDG_DATA_HOME: '/data' }, 'darwin', '/h', '/h/Library/Application Support/loci/models'],
    [{ LOCALAPPDATA: '/l' }, 'win32', '/h', '/l/loci/models'],
    [{ LOCI_MODELS_DIR: '/own' }, 'linux', '', '/own'],
    [{ LOCI_MODELS_DIR: 'relative' }, 'linux', '', null],
  ] as const)('with %j on %s', (environment, platform, home, expected) => {
    expect(modelFolder(environment, platform, home)).toBe(expected);
  });

  it('has complete models and those that were begun, and may be missing', async () => {
    expect(await downloadedModels(join(folder, 'missing'))).toEqual([]);
    await writeFile(join(folder, 'whole.gguf'), 'GGUF');
    await writeFile(join(folder, 'notes.txt'), '');
    await mkdir(join(folder, 'folder.gguf'));
    const part = new PartFile(join(folder, 'begun.gguf'));
    await part.begin({ address: 'https://a.example/begun.gguf', identity: 'x', totalBytes: 9 });
    await writeFile(join(folder, 'damaged.gguf.part'), 'GG');
    await writeFile(join(folder, 'damaged.gguf.part.json'), '{');
    const found = await downloadedModels(folder);
    expect(
      found.map(({ fileName, bytes, complete, address }) => [fileName, bytes, complete, address]),
    ).toEqual([
      ['begun.gguf', 0, false, 'https://a.example/begun.gguf'],
      ['damaged.gguf', 2, false, null],
      ['whole.gguf', 4, true, null],
    ]);
  });
});

describe('deleting a model', () => {
  it('removes it with its part, and nothing else', async () => {
    const path = join(folder, 'x.gguf');
    for (const name of ['x.gguf', 'x.gguf.part', 'x.gguf.part.json', 'y.gguf']) {
      await writeFile(join(folder, name), '');
    }
    await deleteModel(path);
    expect(await readdir(folder)).toEqual(['y.gguf']);
  });

  it('is refused while it is being downloaded', async () => {
    const path = join(folder, 'x.gguf');
    await writeFile(`${path}.part`, 'GGUF');
    const release = await new PartFile(path).take();
    await expect(deleteModel(path)).rejects.toThrow('is being downloaded already');
    await release();
    expect(await readdir(folder)).toEqual(['x.gguf.part']);
  });
});
