import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModelPath } from './bundled.ts';
import { modelMetadata, modelTensors, writeGguf } from '../../test/fixtures/gguf-writer.ts';
import { countParameters, fillsInMiddle } from './weights.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-weights-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function model(tokens: readonly string[], template = ''): Promise<string> {
  const metadata = modelMetadata('llama', {
    'tokenizer.ggml.tokens': { type: 'strings', value: tokens },
    'tokenizer.chat_template': { type: 'string', value: template },
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

describe('fillsInMiddle', () => {
  it.each(['<|fim_middle|>', '<fim_middle>', '<MID>', '[MIDDLE]', '<｜fim▁end｜>'])(
    'knows the token %s',
    async (token) => {
      expect(await fillsInMiddle(await model(['a', token, 'c']))).toBe(true);
    },
  );

  it('is not misled by tokens that only look alike, or by a template', async () => {
    expect(await fillsInMiddle(await model(['a', '<|fim_middle|>x', 'c']))).toBe(false);
    expect(await fillsInMiddle(await model(['a', 'b', 'c'], 'Say <|fim_middle|> here.'))).toBe(
      false,
    );
    expect(await fillsInMiddle(join(folder, 'missing.gguf'))).toBe(false);
  });

  it.each([0, 1, 7, 20])('finds a token that lies across two blocks (%i)', async (shift) => {
    const filler = 'x'.repeat(60_000);
    const path = await model([...Array.from({ length: 17 }, () => filler), '<|fim_middle|>']);
    // The token moves across the border of the first block.
    const bytes = 2 ** 20 - (await positionOf(path)) - shift;
    const padded = await model([
      ...Array.from({ length: 17 }, () => filler),
      'y'.repeat(Math.max(0, bytes - 8)),
      '<|fim_middle|>',
    ]);
    expect(await fillsInMiddle(padded)).toBe(true);
  });
});

async function positionOf(path: string): Promise<number> {
  return (await readFile(path)).indexOf('<|fim_middle|>');
}
