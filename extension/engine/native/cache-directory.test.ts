import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheDirectory, makeDirectory, prepareCache } from './cache-directory.ts';

const own = join(userInfo().homedir, '.cache', 'loci');

describe('cacheDirectory', () => {
  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['a chosen folder', { LOCI_CACHE_DIR: '/c', XDG_CACHE_HOME: '/x' }, '/c'],
    ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '/x', HOME: '/h' }, '/x/loci'],
    ['an empty XDG_CACHE_HOME', { XDG_CACHE_HOME: '', HOME: '/h' }, '/h/.cache/loci'],
    ['a relative XDG_CACHE_HOME', { XDG_CACHE_HOME: 'cache', HOME: '/h' }, '/h/.cache/loci'],
    ['a relative chosen folder', { LOCI_CACHE_DIR: './c', HOME: '/h' }, '/h/.cache/loci'],
    ['an empty HOME', { HOME: '' }, own],
    ['a relative HOME', { HOME: '~' }, own],
    ['no HOME', {}, own],
  ])('with %s', (_, environment, expected) => {
    expect(cacheDirectory(environment, 'linux')).toBe(expected);
  });

  it('is at the place of each platform', () => {
    expect(cacheDirectory({ HOME: '/h' }, 'darwin')).toBe('/h/Library/Caches/loci');
    const windows = { LOCALAPPDATA: '', USERPROFILE: '/u' };
    expect(cacheDirectory(windows, 'win32')).toBe('/u/AppData/Local/loci');
  });
});

describe('prepareCache', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loci-cache-'));
    await writeFile(join(folder, 'file'), '');
    await symlink(join(folder, 'nowhere'), join(folder, 'dangling'));
    await symlink(join(folder, 'loop'), join(folder, 'loop'));
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'link'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('makes the folder and those above it, through links too, and may do so again', async () => {
    for (const place of ['a/b/c', 'link/x', 'a/b/c']) {
      const directory = join(folder, place);
      expect(await prepareCache(directory)).toEqual({ directory, notice: null });
    }
    expect(await readdir(join(folder, 'real'))).toEqual(['x']);
  });

  it.each([
    ['file', 'a part of its path is not a folder'],
    ['file/loci', 'a part of its path is not a folder'],
    ['dangling', 'it does not exist'],
    ['dangling/a/loci', 'it does not exist'],
    ['loop/loci', 'its links form a loop'],
    [`${'n'.repeat(300)}/loci`, 'its name is too long'],
  ])('does without a cache at %s, and says why', async (place, reason) => {
    const { directory, notice } = await prepareCache(join(folder, place));
    expect(directory).toBeNull();
    expect(notice).toContain(`cannot be used, because ${reason}.`);
  });

  it.runIf(process.platform === 'linux')('ends where folders cannot be made', async () => {
    const { directory, notice } = await prepareCache('/proc/loci/a/b');
    expect({ directory, notice }).toMatchObject({ directory: null });
    expect(notice).toMatch(/^Nothing is cached: /);
  });

  it('does without a cache where the user has no home folder', async () => {
    expect(await prepareCache(null)).toMatchObject({ directory: null });
  });

  it('is made by twenty at a time', async () => {
    const directory = join(folder, 'many/at/a/time');
    const makers = Array.from({ length: 20 }, () => makeDirectory(directory));
    await expect(Promise.all(makers)).resolves.toHaveLength(20);
  });
});
