import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundledModelPath } from './bundled.ts';

const file = join('extension', 'models', 'bundled', 'loci-tiny-f16.gguf');

it('is found from source', () => {
  expect(bundledModelPath().endsWith(file)).toBe(true);
});

it('is found in an installation, and its absence is said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loci-bundled-'));
  try {
    const missing = 'The bundled model is missing. Reinstall the extension.';
    expect(() => bundledModelPath(folder)).toThrow(missing);
    expect(() => bundledModelPath(null)).toThrow(missing);
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), '');
    expect(bundledModelPath(folder)).toBe(join(folder, file));
  } finally {
    await rm(folder, { recursive: true });
  }
});
