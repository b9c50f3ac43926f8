import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fromRoot } from '../../scripts/support/paths.mjs';
import { installationFolder, repairAdvice } from './installation.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-installation-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('is this project from source, and the folder with the manifest above a bundle', async () => {
  expect(installationFolder()).toBe(fromRoot());
  const dist = join(folder, 'dist', 'deeper');
  await mkdir(dist, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{}');
  expect(installationFolder(dist)).toBe(folder);
  expect(installationFolder(parse(folder).root)).toBeNull();
});

it('advises to build what only a checkout can build', () => {
  expect(repairAdvice()).toBe('Run "npm run setup".');
  expect(repairAdvice(folder)).toBe('Reinstall the extension.');
  expect(repairAdvice(null)).toBe('Reinstall the extension.');
});
