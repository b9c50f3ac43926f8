import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModelPath } from './bundled.ts';
import { ggufLimits } from './gguf-header.ts';
import {
  modelMetadata,
  modelTensors,
  writeGguf,
  type WrittenFile,
  type WrittenValue,
} from '../../test/fixtures/gguf-writer.ts';
import { type ModelValidation, validateModel } from './validate.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-gguf-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function validateBytes(bytes: Uint8Array, name = 'model.gguf'): Promise<ModelValidation> {
  await writeFile(join(folder, name), bytes);
  return validateModel(join(folder, name));
}

async function validate(file: Partial<WrittenFile>): Promise<ModelValidation> {
  return validateBytes(
    writeGguf({ metadata: modelMetadata('llama'), tensors: modelTensors, ...file }),
  );
}

/** The code and message in one, or `ok`. */
function verdict(validation: ModelValidation): string {
  return validation.ok ? 'ok' : `${validation.code}: ${validation.message}`;
}

async function verdictOf(file: Partial<WrittenFile>): Promise<string> {
  return verdict(await validate(file));
}

const uint32 = (value: number): WrittenValue => ({ type: 'uint32', value });
const text = (value: string): WrittenValue => ({ type: 'string', value });
const strings = (...value: string[]): WrittenValue => ({ type: 'strings', value });

describe('a sound model', () => {
  it('is described: the bundled one', async () => {
    const path = bundledModelPath();
    expect(await validateModel(path)).toMatchObject({
      ok: true,
      model: {
        path,
        files: [path],
        architecture: 'llama',
        layers: 6,
        heads: 4,
        kvHeads: 2,
        headSize: 64,
        embedding: 256,
        trainedContext: 4096,
        vocabulary: 2048,
      },
    });
  });

  it.each(['llama', 'qwen2', 'qwen3', 'qwen3moe', 'starcoder2', 'granite', 'phi3'])(
    'may be of the architecture %s',
    async (architecture) => {
      const metadata = modelMetadata(architecture);
      expect(await validate({ metadata })).toMatchObject({ ok: true, model: { architecture } });
    },
  );

  it('may have a window in its metadata that its architecture does not use', async () => {
    const metadata = modelMetadata('llama', { 'llama.attention.sliding_window': uint32(4096) });
    expect(await verdictOf({ metadata })).toBe('ok');
  });

  it('may name the head size itself, and one number of heads per layer', async () => {
    const metadata = modelMetadata('qwen3', {
      'qwen3.attention.key_length': uint32(128),
      'qwen3.attention.value_length': uint32(128),
      'qwen3.attention.head_count_kv': { type: 'uint32s', value: [2, 2] },
    });
    expect(await validate({ metadata })).toMatchObject({ ok: true, model: { headSize: 128 } });
  });

  it('has the context before its positions are stretched', async () => {
    const metadata = modelMetadata('phi3', {
      'phi3.context_length': uint32(131_072),
      'phi3.rope.scaling.type': { type: 'string', value: 'longrope' },
      'phi3.rope.scaling.original_context_length': uint32(4096),
    });
    expect(await validate({ metadata })).toMatchObject({ model: { trainedContext: 4096 } });
  });
});

describe('a model that the engine cannot run', () => {
  it.each([
    ['mamba', 'is recurrent'],
    ['rwkv7', 'is recurrent'],
    ['qwen3next', 'mixes attention with recurrent layers'],
    ['deepseek2', 'MLA'],
    ['gemma3', 'sliding windows'],
    ['gpt-oss', 'sliding windows'],
    ['qwen2vl', 'M-RoPE'],
    ['bert', 'is an encoder'],
    ['dream', 'diffusion'],
    ['gpt2', 'does not rotate'],
    ['brandnew', 'is not one that Loci knows'],
  ])('of the architecture %s is refused', async (architecture, reason) => {
    const found = await verdictOf({ metadata: modelMetadata(architecture) });
    expect(found).toMatch(/^model-unsupported: model\.gguf cannot be used/);
    expect(found).toContain(`its architecture, ${architecture}, `);
    expect(found).toContain(reason);
  });

  it.each<[string, string, WrittenValue, string]>([
    ['llama', 'attention.kv_lora_rank', uint32(512), 'MLA'],
    ['olmo2', 'attention.sliding_window', uint32(4096), 'sliding windows'],
    ['llama', 'ssm.state_size', uint32(16), 'recurrent'],
    ['glm4', 'rope.dimension_sections', { type: 'uint32s', value: [8, 12, 12, 0] }, 'M-RoPE'],
    ['llama', 'attention.causal', { type: 'bool', value: false }, 'later tokens'],
    ['glm4', 'nextn_predict_layers', uint32(1), 'several tokens'],
    ['llama', 'attention.value_length', uint32(8), 'different sizes'],
    ['llama', 'attention.head_count_kv', { type: 'uint32s', value: [2, 4] }, 'different numbers'],
  ])('%s with %s is refused', async (architecture, key, value, reason) => {
    const metadata = modelMetadata(architecture, { [`${architecture}.${key}`]: value });
    const found = await verdictOf({ metadata });
    expect(found).toMatch(new RegExp(`^model-unsupported: .* its architecture, ${architecture}, `));
    expect(found).toContain(reason);
  });

  it('is refused where the file is an adapter', async () => {
    const type: WrittenValue = { type: 'string', value: 'adapter' };
    const metadata = modelMetadata('llama', { 'general.type': type });
    expect(await verdictOf({ metadata })).toContain('is that of a part (adapter)');
  });
});

describe('metadata that contradict each other', () => {
  it.each<[string, Record<string, WrittenValue>, string]>([
    ['no layers', { 'llama.block_count': uint32(0) }, 'not from 1 to 512'],
    ['513 layers', { 'llama.block_count': uint32(513) }, 'not from 1 to 512'],
    ['-1 layers', { 'llama.block_count': { type: 'int32', value: -1 } }, 'is not a count'],
    ['half a layer', { 'llama.block_count': { type: 'float32', value: 1.5 } }, 'is not a count'],
    ['no heads', { 'llama.attention.head_count': uint32(0) }, 'not from 1'],
    ['3 heads of width 64', { 'llama.attention.head_count': uint32(3) }, 'evenly'],
    ['3 KV heads', { 'llama.attention.head_count_kv': uint32(3) }, 'evenly'],
    ['no KV heads', { 'llama.attention.head_count_kv': uint32(0) }, 'not from 1'],
    ['no width', { 'llama.embedding_length': uint32(0) }, 'not from 1'],
    ['another width', { 'llama.embedding_length': uint32(128) }, 'do not fit'],
    ['no context', { 'llama.context_length': uint32(0) }, 'not from 1'],
    ['text for a count', { 'llama.block_count': { type: 'string', value: '2' } }, 'not a count'],
    [
      'a huge count',
      { 'llama.context_length': { type: 'uint64', value: 2n ** 63n } },
      'is not a count',
    ],
    ['the largest count', { 'llama.context_length': uint32(0xffff_ffff) }, 'not from 1'],
    ['no tokens', { 'tokenizer.ggml.tokens': { type: 'strings', value: [] } }, 'no vocabulary'],
    ['an odd name', { 'general.architecture': { type: 'string', value: 'a b\n' } }, 'names no'],
    ['an alignment of 3', { 'general.alignment': uint32(3) }, 'not a power of two'],
    ['an alignment of 1', { 'general.alignment': uint32(1) }, 'not a power of two from 32'],
    ['an alignment of 2', { 'general.alignment': uint32(2) }, 'not a power of two from 32'],
    ['an alignment of 16', { 'general.alignment': uint32(16) }, 'not a power of two from 32'],
    [
      'an alignment of another type',
      { 'general.alignment': { type: 'uint64', value: 32n } },
      'not a power of two',
    ],
    [
      'two equal tokens',
      { 'tokenizer.ggml.tokens': strings('a', 'b', 'a') },
      'token 2 is in its vocabulary twice',
    ],
    [
      'a token with a NUL',
      { 'tokenizer.ggml.tokens': strings('a', 'b\0', 'c') },
      'token 1 of its vocabulary holds a NUL',
    ],
    [
      'tokens that are numbers',
      { 'tokenizer.ggml.tokens': { type: 'uint32s', value: [1, 2, 3] } },
      'not texts',
    ],
    ['no tokenizer', { 'tokenizer.ggml.model': text('none') }, 'has no tokenizer'],
    ['the tokenizer of no name', { 'tokenizer.ggml.model': uint32(1) }, 'has no tokenizer'],
    ['an unknown tokenizer', { 'tokenizer.ggml.model': text('\u001b[31m') }, 'of an unknown kind'],
    ['no merges', { 'tokenizer.ggml.model': text('gpt2') }, 'no list of merges'],
    [
      'merges that are numbers',
      {
        'tokenizer.ggml.model': text('gpt2'),
        'tokenizer.ggml.merges': { type: 'uint32s', value: [1] },
      },
      'no list of merges',
    ],
    [
      'too few scores',
      { 'tokenizer.ggml.scores': { type: 'float32s', value: [0, 0] } },
      'has 2 values for 3 tokens',
    ],
    [
      'scores that are bytes',
      { 'tokenizer.ggml.scores': { type: 'bytes', value: [0, 0, 0] } },
      'not an array of the right type',
    ],
    [
      'too many token types',
      { 'tokenizer.ggml.token_type': { type: 'uint32s', value: [1, 1, 1, 1] } },
      'has 4 values for 3 tokens',
    ],
    [
      'a token type that is no array',
      { 'tokenizer.ggml.token_type': uint32(1) },
      'not an array of the right type',
    ],
    [
      'a count of another type',
      { 'llama.block_count': { type: 'int32', value: 2 } },
      'block_count is not a count',
    ],
    ['an alignment of 0', { 'general.alignment': uint32(0) }, 'not a power of two'],
    ['an alignment of 2 MiB', { 'general.alignment': uint32(2 << 20) }, 'not a power of two'],
  ])('%s: refused', async (_, more, reason) => {
    const found = await verdictOf({ metadata: modelMetadata('llama', more) });
    expect(found).toMatch(/^model-invalid: model\.gguf is not a sound GGUF model: .*\.$/);
    expect(found).toContain(reason);
  });
});

describe('tensors', () => {
  const first = { name: 'token_embd.weight', shape: [64, 3] };

  it.each<[string, Partial<WrittenFile>, string]>([
    ['none', { tensors: [] }, 'holds no weights'],
    ['no dimensions', { tensors: [{ name: 'a', shape: [] }] }, '0 dimensions'],
    ['five dimensions', { tensors: [{ name: 'a', shape: [1, 1, 1, 1, 1] }] }, '5 dimensions'],
    ['no rows', { tensors: [{ name: 'a', shape: [64, 0] }] }, 'the extent 0'],
    ['2^63 rows', { tensors: [{ name: 'a', shape: [2n ** 63n] }], dataBytes: 0 }, 'the extent'],
    [
      'a product past 2^64',
      { tensors: [{ name: 'a', shape: [2n ** 31n, 2n ** 31n, 4n] }], dataBytes: 0 },
      'larger than any file',
    ],
    ['a type removed', { tensors: [{ ...first, type: 4 }] }, 'the unknown type 4'],
    ['a type of the future', { tensors: [{ ...first, type: 43 }] }, 'the unknown type 43'],
    ['a type of 2^32 - 1', { tensors: [{ ...first, type: 0xffff_ffff }] }, 'the unknown type'],
    ['rows of half a block', { tensors: [{ ...first, shape: [48, 3], type: 8 }] }, 'whole blocks'],
    ['the same twice', { tensors: [first, first] }, 'is there twice'],
    ['a gap', { tensors: [{ ...first, offset: 32n }] }, 'does not follow'],
    ['an overlap', { tensors: [first, { ...first, name: 'b', offset: 0n }] }, 'does not follow'],
    ['an offset of 2^64 - 32', { tensors: [{ ...first, offset: 2n ** 64n - 32n }] }, 'not follow'],
    ['less data', { dataBytes: 100 }, 'the file is incomplete'],
    ['a name of 64 bytes', { tensors: [{ ...first, name: 'x'.repeat(64) }] }, '64 bytes'],
    ['2^16 + 1 of them', { tensorCount: 65_537n }, '65537 tensors'],
    ['2^64 - 1 of them', { tensorCount: 2n ** 64n - 1n }, '18446744073709551615 tensors'],
  ])('%s: refused', async (_, file, reason) => {
    const found = await verdictOf(file);
    expect(found).toMatch(/^model-invalid: /);
    expect(found).toContain(reason);
  });

  it('may lack the padding after the last one', async () => {
    const tensors = [first, { name: 'odd', shape: [3] }];
    expect(await verdictOf({ tensors, dataBytes: 64 * 3 * 4 + 12 })).toBe('ok');
    expect(await verdictOf({ tensors, dataBytes: 64 * 3 * 4 + 11 })).toContain('incomplete');
  });
});

describe('files that are no models', () => {
  it.each([
    ['', 'is empty'],
    ['G', 'does not begin with the letters GGUF'],
    ['# A text\n', 'does not begin with the letters GGUF'],
    ['GGUF', 'ends in the middle of its header'],
    ['GGUF and then text that goes on', 'its version is'],
  ])('%j: refused', async (text, reason) => {
    const found = verdict(await validateBytes(Buffer.from(text)));
    expect(found).toMatch(/^model-invalid: /);
    expect(found).toContain(reason);
  });

  it('are refused by version', async () => {
    for (const version of [0, 1, 4, 0x0300_0000]) {
      expect(await verdictOf({ version })).toContain('only 2 and 3 can be read');
    }
    expect(await verdictOf({ version: 2 })).toBe('ok');
  });

  it('are refused when they are folders, missing, or devices', async () => {
    await mkdir(join(folder, 'folder.gguf'));
    expect(verdict(await validateModel(join(folder, 'folder.gguf')))).toContain('is a folder');
    expect(verdict(await validateModel(join(folder, 'no.gguf')))).toMatch(/^model-not-found: /);
    if (process.platform !== 'win32') {
      expect(verdict(await validateModel('/dev/zero'))).toContain('is not a regular file');
    }
  });
});

describe('extreme claims', () => {
  it.each<[string, Partial<WrittenFile>]>([
    ['keys', { keyCount: 2n ** 64n - 1n }],
    ['keys within the limit', { keyCount: BigInt(ggufLimits.keys) }],
    ['tensors within the limit', { tensorCount: BigInt(ggufLimits.tensors) }],
  ])('%s: refused', async (_, file) => {
    expect(await verdictOf(file)).toMatch(/^model-invalid: /);
  });

  /** A header whose first key has this raw value, in a file of a terabyte of hole. */
  async function claim(...parts: readonly (number | bigint)[]): Promise<string> {
    const start = Buffer.alloc(24 + 8 + 1);
    start.write('GGUF');
    start.writeUInt32LE(3, 4);
    start.writeBigUInt64LE(0n, 8);
    start.writeBigUInt64LE(1n, 16);
    start.writeBigUInt64LE(1n, 24);
    start.write('k', 32);
    const rest = parts.map((part) => {
      const bytes = Buffer.alloc(typeof part === 'bigint' ? 8 : 4);
      if (typeof part === 'bigint') bytes.writeBigUInt64LE(part);
      else bytes.writeUInt32LE(part);
      return bytes;
    });
    await writeFile(join(folder, 'claim.gguf'), Buffer.concat([start, ...rest]));
    await truncate(join(folder, 'claim.gguf'), 2 ** 40);
    const before = process.memoryUsage().rss;
    const found = verdict(await validateModel(join(folder, 'claim.gguf')));
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
    return found;
  }

  it('of long strings and arrays are refused before they are read, in little memory', async () => {
    for (const length of [2n ** 64n - 1n, 2n ** 63n, 2n ** 53n, 2n ** 32n, 2n ** 31n]) {
      expect(await claim(8, length)).toContain(`claims ${String(length)} bytes of k`);
      expect(await claim(9, 8, length)).toContain(`claims ${String(length)} values in k`);
      expect(await claim(9, 4, length)).toContain(`claims ${String(length)} values in k`);
      expect(await claim(9, 8, 1n, length)).toContain('a string in k is too long');
    }
    expect(await claim(13)).toContain('unknown type 13');
    expect(await claim(9, 9, 1n)).toContain('unknown type 9');
    expect(await claim(8, BigInt(ggufLimits.stringBytes) + 1n)).toContain('is the limit');
  });

  it('of many long strings end at the limit of a header', async () => {
    const found = await claim(9, 8, BigInt(ggufLimits.arrayLength));
    // The hole reads as strings of no length; then the header has no vocabulary to offer.
    expect(found).toMatch(/^model-invalid: /);
  });
});

describe('split models', () => {
  const split = (no: number, count: number): Record<string, WrittenValue> => ({
    'split.no': { type: 'uint16', value: no },
    'split.count': { type: 'uint16', value: count },
  });

  async function writePart(name: string, file: WrittenFile): Promise<string> {
    await writeFile(join(folder, name), writeGguf(file));
    return join(folder, name);
  }

  async function writeParts(base: string): Promise<string[]> {
    return [
      await writePart(`${base}-00001-of-00002.gguf`, {
        metadata: modelMetadata('llama', split(0, 2)),
        tensors: modelTensors.slice(1),
      }),
      await writePart(`${base}-00002-of-00002.gguf`, {
        metadata: split(1, 2),
        tensors: modelTensors.slice(0, 1),
      }),
    ];
  }

  it('are one model, whichever part is named', async () => {
    const files = await writeParts('sound');
    for (const path of files) {
      const found = await validateModel(path);
      expect(found).toMatchObject({ ok: true, model: { path: files[0], files } });
    }
  });

  it('are refused when a part is missing, truncated, or another one', async () => {
    const [one = '', two = ''] = await writeParts('broken');
    await truncate(two, 200);
    expect(verdict(await validateModel(one))).toMatch(/^model-invalid: broken-00002-of-00002/);
    await rm(two);
    expect(verdict(await validateModel(one))).toMatch(/^model-not-found: .*broken-00002-of-00002/);
    await writeFile(two, writeGguf({ metadata: split(0, 2), tensors: [] }));
    expect(verdict(await validateModel(one))).toContain('not the part of the model');
  });

  it('are refused under other names', async () => {
    const metadata = modelMetadata('llama', split(0, 3));
    const path = await writePart('renamed.gguf', { metadata, tensors: modelTensors });
    expect(verdict(await validateModel(path))).toContain('-00001-of-00003.gguf');
  });
});
