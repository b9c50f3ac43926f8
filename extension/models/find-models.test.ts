import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
