import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromRoot } from '../../../../scripts/support/paths.mjs';
import { readFolder, writeFolder } from './fetch.ts';
import { divide } from './hold-out.ts';
import { folderName } from './list.ts';
import type { ListedRepository } from './list.ts';
import { prepare, prepareFiles } from './prepared.ts';
import { contentHash } from './sources.ts';

const code = await readFolder(fromRoot('extension', 'repository', 'structure'));
const files = new Map([...code].filter(([file]) => !file.endsWith('.test.ts')));
const options = { seed: 4, name: '@loci/structure' };

describe('a prepared repository', () => {
  it('holds the same files out by their new names', () => {
    const { files: renamed, division } = prepareFiles(files, options);
    const before = divide(files, options);
    for (const list of ['entries', 'read', 'heldOut'] as const) {
      expect(division[list]).toHaveLength(before[list].length);
      for (const file of division[list]) expect(renamed.has(file)).toBe(true);
    }
    const lines = (text = ''): number => text.split('\n').length;
    const heldOut = division.heldOut.map((file) => lines(renamed.get(file))).sort();
    expect(heldOut).toEqual(before.heldOut.map((file) => lines(files.get(file))).sort());
  });

  it('has another name, which a folder may have', () => {
    const { name } = prepareFiles(files, options);
    expect(name).toMatch(/^[a-z]+-[a-z]+$/u);
    expect(name).not.toMatch(/loci|structure/u);
  });

  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'loci-prepared-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read from where it was fetched, and refused where it was changed or is not there', async () => {
    const entry: ListedRepository = {
      ...{ registry: 'npm', name: 'structure', version: '1.0.0', licence: 'MIT', folder: 'src' },
      ...{ sha256: contentHash(files), files: files.size, tokens: 1 },
    };
    await expect(prepare(entry, 4, folder)).rejects.toThrow('Run "npm run repositories".');
    const target = path.join(folder, folderName(entry));
    await mkdir(target);
    await writeFolder(files, target);
    expect(await prepare(entry, 4, folder)).toMatchObject({
      division: prepareFiles(files, { seed: 4, name: 'structure' }).division,
    });
    await writeFolder(new Map([['more.ts', 'const more = 1;\n']]), target);
    await expect(prepare(entry, 4, folder)).rejects.toThrow('structure 1.0.0 is not here');
  });
});
