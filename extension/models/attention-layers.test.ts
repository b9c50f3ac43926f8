/** Models whose layers differ in their heads, or share keys and values, by what their headers say. */
import { describe, expect, it } from 'vitest';
import type { WrittenValue } from '../../test/fixtures/gguf-writer.ts';
import { modelMetadata, modelTensors } from '../../test/fixtures/gguf-writer.ts';
import { modelFiles, uint32 } from '../../test/fixtures/model-files.ts';

const { validate, verdictOf } = modelFiles();

const list = (...value: number[]): WrittenValue => ({ type: 'uint32s', value });

/** Six layers, of which the third and the last attend to all tokens, with heads of their own. */
const gemma4 = (more: Record<string, WrittenValue>): Record<string, WrittenValue> =>
  modelMetadata('gemma4', {
    'gemma4.block_count': uint32(6),
    'gemma4.attention.sliding_window': uint32(512),
    'gemma4.attention.sliding_window_pattern': list(1, 1, 0, 1, 1, 0),
    'gemma4.attention.head_count_kv': list(2, 2, 1, 2, 2, 1),
    'gemma4.attention.key_length': uint32(64),
    'gemma4.attention.value_length': uint32(64),
    'gemma4.attention.key_length_swa': uint32(32),
    'gemma4.attention.value_length_swa': uint32(32),
    ...more,
  });

const short = { kvHeads: 2, headSize: 32, window: 512 };
const long = { kvHeads: 1, headSize: 64, window: null };

describe('a model whose layers differ', () => {
  it('has the heads of each layer', async () => {
    expect(await validate({ metadata: gemma4({}) })).toMatchObject({
      model: {
        ...{ layers: 2, graphLayers: 6, heads: 4, kvHeads: 1, headSize: 64 },
        table: [short, short, long, short, short, long],
      },
    });
  });

  it('does not count the layers that read the keys and values of others', async () => {
    const metadata = gemma4({ 'gemma4.attention.shared_kv_layers': uint32(3) });
    expect(await validate({ metadata })).toMatchObject({
      model: { layers: 1, graphLayers: 6, table: [short, short, long] },
    });
  });

  it.each<[string, WrittenValue, string]>([
    ['attention.shared_kv_layers', uint32(5), 'attention.shared_kv_layers is 5 of 6 layers'],
    ['attention.shared_kv_layers', uint32(6), 'attention.shared_kv_layers is 6 of 6 layers'],
    ['attention.shared_kv_layers', { type: 'float32', value: 1.5 }, 'is 1.5 of 6 layers'],
    ['attention.shared_kv_layers', uint32(2), 'in an order that is not known'],
    ['attention.sliding_window', uint32(0), 'which no layer can have'],
    ['attention.sliding_window_pattern', list(0, 0, 0, 0, 0, 0), 'names no layer'],
    ['attention.sliding_window_pattern', uint32(6), 'sliding_window_pattern is missing'],
    ['attention.head_count_kv', list(2, 2, 1, 2, 2, 2), 'different numbers of heads'],
    ['attention.head_count_kv', list(2, 2, 1), 'names 3 of 6 layers'],
    ['attention.head_count_kv', list(2, 2, 1, 0, 2, 1), 'is 0, not from 1'],
    ['attention.head_count_kv', list(2, 3, 1, 2, 2, 1), 'evenly'],
    ['attention.value_length_swa', uint32(64), 'of different sizes'],
    ['attention.key_length_swa', uint32(1 << 13), 'not from 1'],
  ])('is refused for %s = %j', async (key, value, reason) => {
    expect(await verdictOf({ metadata: gemma4({ [`gemma4.${key}`]: value }) })).toContain(reason);
  });

  it.each<[number, string]>([
    [8, 'ok'],
    [8 * 16, 'ok'],
    [4, 'layer 1 has 4 gates for its heads'],
  ])('with %i gates behind its heads: %s', async (gates, verdict) => {
    const metadata = modelMetadata('laguna', {
      'laguna.attention.sliding_window': uint32(512),
      'laguna.attention.head_count': list(4, 8),
      'laguna.attention.key_length': uint32(16),
    });
    const tensors = [...modelTensors, { name: 'blk.1.attn_gate.weight', shape: [64, gates] }];
    expect(await verdictOf({ metadata, tensors })).toContain(verdict);
  });

  it('is refused if another architecture shares keys and values', async () => {
    const metadata = modelMetadata('gemma3', { 'gemma3.attention.shared_kv_layers': uint32(1) });
    expect(await verdictOf({ metadata })).toContain('shares keys and values between layers');
  });
});
