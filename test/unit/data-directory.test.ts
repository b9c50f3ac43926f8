import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { takeDataDirectory } from '../../scripts/support/data-directory.mjs';

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'loci-data-'));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

it('is the same at each start, and another while the first is in use', async () => {
  const first = await takeDataDirectory(parent);
  const second = await takeDataDirectory(parent);
  expect([first, second].map(({ directory }) => basename(directory))).toEqual(['data', 'data-2']);
  await first.release();
  const again = await takeDataDirectory(parent);
  expect(again.directory).toBe(first.directory);
  await again.release();
  await second.release();
});

it('is taken over from a process that was killed', async () => {
  // No process has this ID: it exceeds the systems' limits.
  await writeFile(join(parent, 'data.lock'), String(2 ** 30));
  const { directory, release } = await takeDataDirectory(parent);
  expect(basename(directory)).toBe('data');
  await release();
});
