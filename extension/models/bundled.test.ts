import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundledModelPath } from './bundled.ts';

it('is found from source', () => {
  const end = join('extension', 'models', 'bundled', 'loci-tiny-f16.gguf');
  expect(bundledModelPath().endsWith(end)).toBe(true);
});

it('is found from a bundle in dist, and its absence is said', async () => {
  const root = await mkdtemp(join(tmpdir(), 'loci-bundled-'));
  try {
    const dist = join(root, 'dist', 'engine');
    await mkdir(dist, { recursive: true });
    expect(() => bundledModelPath(dist)).toThrow('The bundled model is missing');
    const model = join(root, 'extension', 'models', 'bundled', 'loci-tiny-f16.gguf');
    await mkdir(join(model, '..'), { recursive: true });
    await writeFile(model, '');
    expect(bundledModelPath(dist)).toBe(model);
  } finally {
    await rm(root, { recursive: true });
  }
});
