import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tarballOf } from '../support/archives.ts';
import { refuseUnsafe } from './safe-path.ts';
import { readTarball } from './tar.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loci-tar-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(bytes: Buffer): Promise<string> {
  const file = path.join(folder, 'package.tgz');
  await writeFile(file, bytes);
  return file;
}

describe('a tarball', () => {
  it('gives back files, without folders', async () => {
    const file = await written(
      tarballOf([
        { path: 'package/', type: '5' },
        { path: 'package/a.js', content: 'a'.repeat(512) },
        { path: 'package/empty.js' },
        { path: 'package/b.js', content: 'ö' },
      ]),
    );
    const members = (await readTarball(file)).map((one) => [one.path, one.content.toString()]);
    expect(members).toEqual([
      ['package/a.js', 'a'.repeat(512)],
      ['package/empty.js', ''],
      ['package/b.js', 'ö'],
    ]);
  });

  it.each([
    ['pax', 'x', (name: string) => `9 mtime=1\n${name.length + 10} path=${name}\n`],
    ['GNU tar', 'L', (name: string) => `${name}\0`],
  ])('takes long names in the manner of %s, for one member', async (_, type, content) => {
    const long = `package/${'folder/'.repeat(30)}a.js`;
    const file = await written(
      tarballOf([
        { path: 'PaxHeader', type, content: content(long) },
        { path: 'short', content: '1' },
        { path: 'package/b.js', content: '2' },
      ]),
    );
    expect((await readTarball(file)).map((one) => one.path)).toEqual([long, 'package/b.js']);
  });

  it('refuses what was cut anywhere, what is damaged and what is none', async () => {
    const whole = tarballOf([{ path: 'package/a.js', content: 'a'.repeat(600) }]);
    const tar = gunzipSync(whole);
    const damaged = Buffer.from(tar);
    damaged[3] = 0x7a;
    const cases = [
      whole.subarray(0, whole.length - 12),
      ...[0, 300, 512, 900, 1536].map((length) => gzipSync(tar.subarray(0, length))),
      gzipSync(damaged),
      Buffer.from('no archive'),
    ];
    for (const bytes of cases) {
      await expect(readTarball(await written(bytes))).rejects.toThrow('is no archive of a package');
    }
  });
});

describe('refuseUnsafe', () => {
  it.each([
    '/etc/passwd',
    '../a.js',
    'package/../../a.js',
    'package/..',
    'package/./a.js',
    'package//a.js',
    'package\\..\\a.js',
    'C:/a.js',
    'package/a.js:stream',
    '',
  ])('refuses the path "%s"', async (name) => {
    const file = await written(tarballOf([{ path: name, content: '1' }]));
    const members = await readTarball(file);
    expect(() => {
      refuseUnsafe(members, 'package.tgz');
    }).toThrow('would write outside of its folder');
  });

  it.each([
    ['a hard link', '1'],
    ['a symbolic link', '2'],
    ['a device', '3'],
    ['a pipe', '6'],
  ])('refuses %s', async (_, type) => {
    const file = await written(tarballOf([{ path: 'package/a.js', type, link: '/etc/passwd' }]));
    const members = await readTarball(file);
    expect(() => {
      refuseUnsafe(members, 'package.tgz');
    }).toThrow('a link or a device: package/a.js');
  });

  it.each(['package/a.js', 'a', 'a..b/c...js', '.hidden/..a'])('accepts "%s"', (name) => {
    const member = { path: name, isPlainFile: true, content: Buffer.alloc(0) };
    expect(() => {
      refuseUnsafe([member], 'package.tgz');
    }).not.toThrow();
  });
});
