import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelMetadata, modelTensors, writeGguf } from '../../test/fixtures/gguf-writer.ts';
import type { WrittenTensor, WrittenValue } from '../../test/fixtures/gguf-writer.ts';
import { codeFamilies } from './code-families.ts';
import type { CodeFamily } from './code-families.ts';
import type { CodeFormat } from './code-format.ts';
import { validateModel } from './validate.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-code-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The format of a file with these tokens; `type`: of all of them, none is stated without it. */
async function formatOf(
  tokens: readonly string[],
  { type, ...rest }: { type?: number } & Record<string, WrittenValue | number | undefined> = {},
): Promise<CodeFormat> {
  const kinds = type === undefined ? [] : tokens.map(() => type);
  const metadata = modelMetadata('llama', {
    'tokenizer.ggml.tokens': { type: 'strings', value: tokens },
    ...(kinds.length === 0
      ? {}
      : { 'tokenizer.ggml.token_type': { type: 'uint32s', value: kinds } as const }),
    ...(rest as Record<string, WrittenValue>),
  });
  const tensors = modelTensors.map((tensor): WrittenTensor =>
    tensor.name === 'token_embd.weight' ? { ...tensor, shape: [64, tokens.length] } : tensor,
  );
  const path = join(folder, 'model.gguf');
  await writeFile(path, writeGguf({ metadata, tensors }));
  const validation = await validateModel(path);
  if (!validation.ok) throw new Error(validation.message);
  return validation.model.code;
}

const marksOf = (family: CodeFamily | string): string[] => {
  const row =
    typeof family === 'string' ? codeFamilies.find(({ name }) => name === family) : family;
  if (row === undefined) throw new Error('There is no such family.');
  const { prefix, suffix, middle, files } = row;
  const marks = [prefix, suffix, middle, files?.repository ?? null, files?.file ?? null];
  return marks.filter((text) => text !== null);
};

describe('the table of families', () => {
  it('has no row that an earlier one hides', async () => {
    for (const family of codeFamilies) {
      const { name, models } = family;
      const value = { type: 'string', value: models === undefined ? 'm' : name } as const;
      const { infill } = await formatOf(marksOf(family), { type: 3, 'general.name': value });
      expect(infill?.family).toBe(name);
    }
  });

  it('is in the documentation', async () => {
    const page = new URL('../../docs/model-families.md', import.meta.url);
    const rows = (await readFile(page, 'utf8')).split('\n').filter((line) => line.startsWith('|'));
    for (const { name, files } of codeFamilies) {
      const row = rows.find((line) => line.split('|')[1]?.includes(name));
      expect(row, name).toBeDefined();
      expect(row?.replaceAll('\\', '')).toContain(files?.file ?? '');
    }
  });

  it('has the marks of no row twice', () => {
    const rows = codeFamilies.map(({ prefix, suffix, middle, files, models }) =>
      JSON.stringify([prefix, suffix, middle, files, models?.source]),
    );
    expect(new Set(rows).size).toBe(rows.length);
  });
});

describe('the format of a file', () => {
  it('needs control or user-defined tokens, except for those that llama.cpp makes so', async () => {
    const seed = marksOf('Seed-Coder');
    expect((await formatOf(seed, { type: 3 })).infill?.family).toBe('Seed-Coder');
    expect((await formatOf(seed, { type: 4 })).infill?.family).toBe('Seed-Coder');
    expect((await formatOf(seed, { type: 1 })).infill).toBeNull();
    expect((await formatOf(seed)).infill).toBeNull();
    expect((await formatOf(marksOf('OpenAI'), { type: 1 })).infill?.family).toBe('OpenAI');
    expect((await formatOf(marksOf('OpenAI'))).infill?.family).toBe('OpenAI');
  });

  it('is not misled by tokens that look alike, by a template or by a name', async () => {
    const value = '<|fim_prefix|><|fim_suffix|><|fim_middle|>';
    const rest = {
      'tokenizer.chat_template': { type: 'string', value },
      'general.name': { type: 'string', value: 'Codestral Mellum Qwen2.5-Coder' },
    } as const;
    const tokens = ['a', '<|fim_prefix|>x', 'x<|fim_suffix|>', '<|fim_middle |>'];
    expect((await formatOf(tokens, { type: 3, ...rest })).infill).toBeNull();
    expect((await formatOf(['<|fim_prefix|>', '<|fim_suffix|>'], { type: 3 })).infill).toBeNull();
  });

  it('takes the tokens that metadata names, unless they are words or unused', async () => {
    const stated = (names: readonly string[]): Record<string, WrittenValue> =>
      Object.fromEntries(
        names.map((name, value) => [`tokenizer.ggml.${name}_token_id`, { type: 'uint32', value }]),
      );
    const own = ['<a>', '<b>', '<c>'];
    const current = stated(['fim_pre', 'fim_suf', 'fim_mid']);
    const old = stated(['prefix', 'suffix', 'middle']);
    for (const names of [current, old]) {
      const { infill } = await formatOf([...own, ...marksOf('OpenAI')], { type: 3, ...names });
      expect(infill).toMatchObject({ family: null, prefix: 0, suffix: 1, middle: 2 });
      expect((await formatOf(['a', 'b', 'c'], { type: 3, ...names })).infill).toBeNull();
      const unused = ['<unused60>', '<unused61>', '<unused62>'];
      expect((await formatOf(unused, { type: 3, ...names })).infill).toBeNull();
    }
    // CodeLlama's are ordinary tokens in some files.
    const { infill } = await formatOf(['▁<PRE>', '▁<SUF>', '▁<MID>'], { type: 1, ...old });
    expect(infill?.family).toBe('CodeLlama');
  });
});
