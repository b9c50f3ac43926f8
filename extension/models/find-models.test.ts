import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findModels } from './find-models.ts';

let home: string;

async function model(bytes: number, ...parts: string[]): Promise<string> {
  const path = join(home, ...parts);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '');
  await truncate(path, bytes);
  return path;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'loci-find-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('finds nothing, and fails nowhere, on a machine without models', async () => {
  expect(await findModels({}, home)).toEqual([]);
  expect(await findModels({ OLLAMA_MODELS: 'relative', HF_HOME: '/nowhere' }, '')).toEqual([]);
});

it("knows Ollama's manifests, LM Studio, llama.cpp, Hugging Face and folders of one's own", async () => {
  const digest = 'a'.repeat(64);
  const ollama = ['.ollama', 'models'];
  const blob = await model(2_000_000, ...ollama, 'blobs', `sha256-${digest}`);
  const manifests = join(home, ...ollama, 'manifests', 'registry.ollama.ai', 'library', 'qwen');
  await mkdir(manifests, { recursive: true });
  const layer = {
    mediaType: 'application/vnd.ollama.image.model',
    digest: `sha256:${digest}`,
  };
  await writeFile(join(manifests, '0.5b'), JSON.stringify({ layers: [layer] }));
  await writeFile(join(manifests, 'broken'), '{');
  await writeFile(
    join(manifests, 'escape'),
    JSON.stringify({ layers: [{ ...layer, digest: 'sha256:../../x' }] }),
  );
  const studio = await model(3_000_000, '.lmstudio', 'models', 'org', 'repo', 'a.gguf');
  const first = await model(1_500_000, '.cache', 'llama.cpp', 'big-00001-of-00002.gguf');
  await model(1_500_000, '.cache', 'llama.cpp', 'big-00002-of-00002.gguf');
  await model(2_000_000, '.cache', 'llama.cpp', 'mmproj-a.gguf');
  await model(10, '.cache', 'llama.cpp', 'vocabulary.gguf');
  const real = await model(4_000_000, '.cache', 'huggingface', 'hub', 'models--a', 'blobs', 'x');
  const link = join(home, '.cache/huggingface/hub/models--a/snapshots/1/c.gguf');
  await mkdir(dirname(link), { recursive: true });
  await symlink(real, link);
  const own = await model(5_000_000, 'models', 'mine.GGUF');
  await model(5_000_000, 'models', 'notes.txt');

  expect(await findModels({}, home)).toEqual([
    { path: blob, name: 'qwen:0.5b', source: 'Ollama', bytes: 2_000_000 },
    { path: studio, name: 'a.gguf', source: 'LM Studio', bytes: 3_000_000 },
    { path: first, name: 'big-00001-of-00002.gguf', source: 'llama.cpp', bytes: 3_000_000 },
    { path: link, name: 'c.gguf', source: 'Hugging Face', bytes: 4_000_000 },
    { path: own, name: 'mine.GGUF', source: 'Models', bytes: 5_000_000 },
  ]);
});

it('looks where the programs were told to keep theirs', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'loci-elsewhere-'));
  try {
    const at = (...parts: string[]): string => join(elsewhere, ...parts);
    const put = (name: string): Promise<string> => model(2_000_000, relative(home, at(name)));
    const studio = await put('downloads/org/a.gguf');
    const inHome = await put('studio/models/org/b.gguf');
    const hub = await put('cache/huggingface/hub/models--a/snapshots/1/c.gguf');
    const legacy = await put('legacy/models--a/snapshots/1/d.gguf');
    const other = join(elsewhere, 'person');
    await mkdir(other);
    await writeFile(join(other, '.lmstudio-home-pointer'), `${at('studio')}\n`);
    const settings = JSON.stringify({ downloadsFolder: at('downloads') });
    await writeFile(at('studio', 'settings.json'), settings);
    const environment = { XDG_CACHE_HOME: at('cache'), HUGGINGFACE_HUB_CACHE: at('legacy') };
    const paths = async (): Promise<string[]> =>
      (await findModels(environment, other)).map(({ path }) => path);
    expect(await paths()).toEqual([studio, inHome, legacy, hub]);
    // Settings that are broken, relative or no object say nothing.
    for (const broken of ['{', '[]', '3', '{"downloadsFolder":"relative"}']) {
      await writeFile(at('studio', 'settings.json'), broken);
      expect(await paths()).toEqual([inHome, legacy, hub]);
    }
  } finally {
    await rm(elsewhere, { recursive: true });
  }
});

it("shows Ollama's models as Ollama does, also those of other hosts and people", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loci-ollama-'));
  try {
    const hosts = [
      ['registry.ollama.ai', 'library', 'qwen', '7b'],
      ['registry.ollama.ai', 'someone', 'qwen', 'latest'],
      ['hf.co', 'org', 'Qwen-GGUF', 'Q4_K_M'],
    ];
    for (const [index, parts] of hosts.entries()) {
      const digest = String(index).repeat(64);
      await mkdir(join(folder, 'blobs'), { recursive: true });
      await writeFile(join(folder, 'blobs', `sha256-${digest}`), '');
      await truncate(join(folder, 'blobs', `sha256-${digest}`), 2_000_000);
      const manifest = join(folder, 'manifests', ...parts);
      await mkdir(dirname(manifest), { recursive: true });
      const layers = [
        { mediaType: 'application/vnd.ollama.image.license', digest: `sha256:${'f'.repeat(64)}` },
        { mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}` },
      ];
      await writeFile(manifest, JSON.stringify({ layers }));
    }
    const found = await findModels({ OLLAMA_MODELS: folder }, '');
    expect(found.map(({ name }) => name).sort()).toEqual([
      'hf.co/org/Qwen-GGUF:Q4_K_M',
      'qwen:7b',
      'someone/qwen:latest',
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
