import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtOnce } from './built-once.ts';

let folder: string;
let built: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loci-built-'));
  built = 0;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function build(...ingredients: string[]): Promise<string> {
  return builtOnce(
    'thing.txt',
    ingredients,
    async (file) => {
      built += 1;
      await writeFile(file, ingredients.join(' '));
    },
    folder,
  );
}

describe('what is built once', () => {
  it('is there without being built the second time', async () => {
    const first = await build('a', 'b');
    expect(await build('a', 'b')).toBe(first);
    expect(built).toBe(1);
    expect(await readFile(first, 'utf8')).toBe('a b');
  });

  it('is another file where any ingredient is another', async () => {
    const files = [
      await build('a', 'b'),
      await build('a', 'c'),
      await build('ab'),
      await build('a'),
    ];
    expect(new Set(files).size).toBe(4);
    expect(built).toBe(4);
  });

  it('is not there where building it failed', async () => {
    const failing = builtOnce('thing.txt', [], () => Promise.reject(new Error('no')), folder);
    await expect(failing).rejects.toThrow('no');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is removed after a week without use', async () => {
    const [old, used] = [await build('old'), await build('used')];
    const longAgo = new Date(Date.now() - 8 * 86_400_000);
    for (const file of [old, used]) await utimes(file, longAgo, longAgo);
    await build('used');
    const fresh = await build('new');
    expect((await readdir(folder)).sort()).toEqual(
      [used, fresh].map((f) => path.basename(f)).sort(),
    );
  });
});
