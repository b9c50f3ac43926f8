/** Folders of files for one test file, removed when its tests are over. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { generateRepository } from '../../quality/generator/repository.ts';
import type { GeneratedRepository } from '../../quality/generator/repository.ts';
import { onSlowDevice } from './engine.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A new empty folder. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'loci-test-'));
  folders.push(folder);
  return folder;
}

/** A new folder with files, by path. */
export async function folderOf(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

export interface SampleRepository extends GeneratedRepository {
  readonly root: string;
}

/** A generated repository that no test's budget holds; smaller on a slow device. */
export async function sampleRepository(
  options: { readonly seed?: number; readonly tokens?: number; readonly questions?: number } = {},
): Promise<SampleRepository> {
  const tokens = options.tokens ?? 4500;
  const repository = generateRepository({
    seed: options.seed ?? 11,
    tokens: onSlowDevice ? Math.min(tokens, 1400) : tokens,
    questions: options.questions ?? 6,
  });
  const root = await folderOf(Object.fromEntries(repository.files));
  return { ...repository, root };
}
