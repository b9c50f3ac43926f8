import { describe, expect, it } from 'vitest';
import { bundledModelPath } from './bundled.ts';
import { modelMetadata, modelTensors } from '../../test/fixtures/gguf-writer.ts';
import type { WrittenValue } from '../../test/fixtures/gguf-writer.ts';
import { modelFiles, strings, text, uint32 } from '../../test/fixtures/model-files.ts';
import { validateModel } from './validate.ts';

const { validate, verdictOf } = modelFiles();

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

describe('a model of an architecture that Loci does not know', () => {
  it('is tried, and another is known', async () => {
    const metadata = modelMetadata('brandnew');
    expect(await validate({ metadata })).toMatchObject({ ok: true, model: { known: false } });
    expect(await validate({})).toMatchObject({ ok: true, model: { known: true } });
  });
});

describe('a model that predicts several tokens', () => {
  const withLayers = (all: number, predicting: number): Record<string, WrittenValue> =>
    modelMetadata('glm4', {
      'glm4.block_count': uint32(all),
      'glm4.nextn_predict_layers': uint32(predicting),
    });

  it('is used without the layers for that', async () => {
    expect(await validate({ metadata: withLayers(5, 1) })).toMatchObject({ model: { layers: 4 } });
    expect(await validate({ metadata: withLayers(5, 0) })).toMatchObject({ model: { layers: 5 } });
  });

  it('is refused where it has no others', async () => {
    for (const predicting of [5, 6]) {
      expect(await verdictOf({ metadata: withLayers(5, predicting) })).toContain(
        `glm4.nextn_predict_layers is ${String(predicting)} of 5 layers`,
      );
    }
  });
});

describe('a model that rotates by several positions', () => {
  const sections = (architecture: string, value: WrittenValue): Record<string, WrittenValue> =>
    modelMetadata(architecture, { [`${architecture}.rope.dimension_sections`]: value });
  const list = (...value: number[]): WrittenValue => ({ type: 'uint32s', value });

  it.each([
    ['qwen2vl', list(1, 1, 1, 0)],
    ['qwen3vl', list(2, 1, 1, 0)],
    ['glm4', list(1, 1, 1, 0)],
    ['glm4', list(0, 0, 0, 0)],
  ])('of the family %s is sound', async (architecture, value) => {
    expect(await verdictOf({ metadata: sections(architecture, value) })).toBe('ok');
  });

  it.each([
    ['qwen2vl', list(0, 0, 0, 0)],
    ['qwen2vl', list(0, 0, 0, 4)],
    ['qwen2vl', list()],
    ['glm4', list(0, 0, 0, 1)],
    ['qwen3vl', list(1000, 1, 1, 0)],
    ['qwen3vl', { type: 'float32s', value: [-1, 2, 2, 0] } as const],
    ['qwen3vl', uint32(3)],
  ])('of the family %s is refused with sections that do not fit: %j', async (family, value) => {
    expect(await verdictOf({ metadata: sections(family, value) })).toContain(
      'rope.dimension_sections does not match its heads',
    );
  });

  it('is refused without sections', async () => {
    expect(await verdictOf({ metadata: modelMetadata('qwen2vl') })).toContain('does not match');
  });
});

describe('a model that the engine cannot run', () => {
  it.each([
    ['mamba', 'is recurrent'],
    ['rwkv7', 'is recurrent'],
    ['kimi-linear', 'mixes attention with recurrent layers'],
    ['deepseek32', 'MLA'],
    ['llama4', 'sliding windows'],
    ['cohere2', 'sliding windows'],
    ['bert', 'is an encoder'],
    ['dream', 'diffusion'],
    ['gpt2', 'a vector for the position'],
    ['bloom', 'ALiBi'],
  ])('of the architecture %s is refused', async (architecture, reason) => {
    const found = await verdictOf({ metadata: modelMetadata(architecture) });
    expect(found).toMatch(/^model-unsupported: model\.gguf cannot be used/);
    expect(found).toContain(`its architecture, ${architecture}, `);
    expect(found).toContain(reason);
  });

  it.each<[string, string, WrittenValue, string]>([
    ['llama', 'attention.kv_lora_rank', uint32(512), 'MLA'],
    ['exaone4', 'attention.sliding_window', uint32(4096), 'sliding windows'],
    ['llama', 'ssm.state_size', uint32(16), 'recurrent'],
    ['brandnew', 'attention.sliding_window', uint32(4096), 'sliding windows'],
    ['brandnew', 'ssm.state_size', uint32(16), 'recurrent'],
    ['lfm2', 'attention.sliding_window', uint32(4096), 'sliding windows'],
    ['llama', 'attention.causal', { type: 'bool', value: false }, 'later tokens'],
    ['llama', 'attention.value_length', uint32(8), 'different sizes'],
    ['llama', 'attention.head_count_kv', { type: 'uint32s', value: [2, 4] }, 'different numbers'],
  ])('%s with %s is refused', async (architecture, key, value, reason) => {
    const metadata = modelMetadata(architecture, { [`${architecture}.${key}`]: value });
    const found = await verdictOf({ metadata });
    expect(found).toMatch(new RegExp(`^model-unsupported: .* its architecture, ${architecture}, `));
    expect(found).toContain(reason);
  });

  it('is refused where each position has a vector of its own, whatever its name', async () => {
    const tensors = [...modelTensors, { name: 'position_embd.weight', shape: [8, 16] }];
    const found = await verdictOf({ metadata: modelMetadata('brandnew'), tensors });
    expect(found).toContain('brandnew, adds a vector for the position to each token');
  });

  it('is refused where the file is an adapter', async () => {
    const type: WrittenValue = { type: 'string', value: 'adapter' };
    const metadata = modelMetadata('llama', { 'general.type': type });
    expect(await verdictOf({ metadata })).toContain('belongs to a part of a model (adapter)');
  });

  it('is refused for a chat template that is longer than any in use', async () => {
    const verdict = (length: number): Promise<string> =>
      verdictOf({
        metadata: modelMetadata('llama', { 'tokenizer.chat_template': text('{'.repeat(length)) }),
      });
    expect(await verdict(512 * 1024)).toBe('ok');
    expect(await verdict(512 * 1024 + 1)).toBe(
      'model-invalid: model.gguf is not a valid GGUF model: its chat template has 524289 characters, but the limit is 524288.',
    );
  });
});

describe('metadata that contradict each other', () => {
  it.each<[string, Record<string, WrittenValue>, string]>([
    ['no layers', { 'llama.block_count': uint32(0) }, 'not from 1 to 512'],
    ['513 layers', { 'llama.block_count': uint32(513) }, 'not from 1 to 512'],
    ['-1 layers', { 'llama.block_count': { type: 'int32', value: -1 } }, 'is not a count'],
    ['half a layer', { 'llama.block_count': { type: 'float32', value: 1.5 } }, 'is not a count'],
    ['no heads', { 'llama.attention.head_count': uint32(0) }, 'not from 1'],
    ['3 heads of width 64', { 'llama.attention.head_count': uint32(3) }, 'do not divide its width'],
    ['3 KV heads', { 'llama.attention.head_count_kv': uint32(3) }, 'evenly'],
    ['no KV heads', { 'llama.attention.head_count_kv': uint32(0) }, 'not from 1'],
    ['no width', { 'llama.embedding_length': uint32(0) }, 'not from 1'],
    ['another width', { 'llama.embedding_length': uint32(128) }, 'do not match'],
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
      'token 2 occurs twice in its vocabulary',
    ],
    [
      'a token with a NUL',
      { 'tokenizer.ggml.tokens': strings('a', 'b\0', 'c') },
      'token 1 of its vocabulary holds a NUL',
    ],
    [
      'tokens that are numbers',
      { 'tokenizer.ggml.tokens': { type: 'uint32s', value: [1, 2, 3] } },
      'not text',
    ],
    ['no tokenizer', { 'tokenizer.ggml.model': text('none') }, 'has no tokenizer'],
    ['the tokenizer of no name', { 'tokenizer.ggml.model': uint32(1) }, 'has no tokenizer'],
    [
      'an unknown tokenizer',
      { 'tokenizer.ggml.model': text('\u001b[31m') },
      'its tokenizer is unknown',
    ],
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
    expect(found).toMatch(/^model-invalid: model\.gguf is not a valid GGUF model: .*\.$/);
    expect(found).toContain(reason);
  });
});
