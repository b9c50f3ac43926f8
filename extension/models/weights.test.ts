import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModelPath } from './bundled.ts';
import { modelMetadata, modelTensors, writeGguf } from '../../test/fixtures/gguf-writer.ts';
import { countParameters } from './weights.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-weights-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function model(tokens: readonly string[]): Promise<string> {
  const metadata = modelMetadata('llama', {
    'tokenizer.ggml.tokens': { type: 'strings', value: tokens },
  });
  const path = join(folder, 'model.gguf');
  await writeFile(path, writeGguf({ metadata, tensors: modelTensors }));
  return path;
}

describe('countParameters', () => {
  it('counts the weights of every file', async () => {
    const path = await model(['a', 'b', 'c']);
    expect(await countParameters([path])).toBe(64 * 3 + 64);
    expect(await countParameters([path, path])).toBe(2 * (64 * 3 + 64));
    expect(await countParameters([bundledModelPath()])).toBeGreaterThan(3_500_000);
  });

  it('is null where a file cannot be read', async () => {
    expect(await countParameters([join(folder, 'missing.gguf')])).toBeNull();
    await writeFile(join(folder, 'text.gguf'), 'text');
    expect(await countParameters([join(folder, 'text.gguf')])).toBeNull();
  });
});
