import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zipOf } from '../support/archives.ts';
import type { Packed } from '../support/archives.ts';
import { listZip, readZipMember } from './zip.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loci-zip-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(bytes: Buffer): Promise<string> {
  const file = path.join(folder, 'archive.zip');
  await writeFile(file, bytes);
  return file;
}

const files: readonly Packed[] = [
  { path: 'a.txt', content: 'deflated '.repeat(500) },
  { path: 'b/c.txt', content: 'stored', stored: true },
  { path: 'empty', content: '', stored: true },
  { path: 'ö.txt', content: 'ü' },
];

describe('a zip archive', () => {
  it.each(['', 'a comment', 'x'.repeat(65_535)])('gives back what was packed', async (comment) => {
    const file = await written(zipOf(files, comment));
    const found = [];
    for (const member of await listZip(file)) {
      const content = await text(await readZipMember(file, member));
      found.push({ path: member.path, content });
      expect(member.bytes).toBe(Buffer.from(content).length);
      expect(member.isPlainFile).toBe(true);
    }
    expect(found).toEqual(files.map(({ path: name, content }) => ({ path: name, content })));
  });

  it.each([
    ['a folder', 'd/', 0o40755],
    ['a link', 'd', 0o120777],
    ['a device', 'd', 0o20644],
  ])('tells %s from a file', async (_, name, mode) => {
    const file = await written(zipOf([{ path: name, content: '', mode }]));
    expect((await listZip(file))[0]?.isPlainFile).toBe(false);
  });

  it('refuses what was cut anywhere, and what is none', async () => {
    const bytes = zipOf(files);
    for (const length of [0, 10, bytes.length - 30, bytes.length - 1]) {
      const file = await written(bytes.subarray(0, length));
      await expect(listZip(file)).rejects.toThrow('is no zip archive, or was cut');
    }
    const damaged = Buffer.from(bytes);
    damaged.fill(0, damaged.lastIndexOf('PK\x01\x02'), damaged.lastIndexOf('PK\x01\x02') + 4);
    await expect(listZip(await written(damaged))).rejects.toThrow('is damaged');
  });

  it('refuses a member of another method, and deflated bytes that are none', async () => {
    const file = await written(zipOf(files));
    const [first] = await listZip(file);
    if (first === undefined) throw new Error('No member.');
    await expect(readZipMember(file, { ...first, method: 12 })).rejects.toThrow(
      'cannot be unpacked',
    );
    await expect(readZipMember(file, { ...first, at: 1 })).rejects.toThrow('cannot be unpacked');
    const stored = (await listZip(file))[1];
    if (stored === undefined) throw new Error('No member.');
    await expect(text(await readZipMember(file, { ...stored, method: 8 }))).rejects.toThrow();
  });
});
