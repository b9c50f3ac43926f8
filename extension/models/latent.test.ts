/** Models that compress keys and values (MLA), by what their headers say. */
import { describe, expect, it } from 'vitest';
import type { WrittenValue } from '../../test/fixtures/gguf-writer.ts';
import { modelMetadata } from '../../test/fixtures/gguf-writer.ts';
import { modelFiles, uint32 } from '../../test/fixtures/model-files.ts';

const { validate, verdictOf } = modelFiles();

type Metadata = Record<string, WrittenValue>;

const named = (more: Metadata): Metadata =>
  modelMetadata(
    'deepseek2',
    Object.fromEntries(
      Object.entries({
        'attention.kv_lora_rank': uint32(64),
        'rope.dimension_count': uint32(32),
        ...more,
      }).map(([key, value]) => [`deepseek2.${key}`, value]),
    ),
  );

/** One row for all heads: 64 numbers that are the value as well, and 32 that have a position. */
const absorbed = (more: Metadata = {}): Metadata =>
  named({
    'attention.head_count_kv': uint32(1),
    'attention.key_length': uint32(96),
    'attention.value_length': uint32(64),
    'attention.key_length_mla': uint32(80),
    'attention.value_length_mla': uint32(32),
    ...more,
  });

/** A key of 80 and a value of 32 for each of four heads. */
const byHead = (more: Metadata = {}): Metadata =>
  named({
    'attention.head_count_kv': uint32(4),
    'attention.key_length': uint32(80),
    'attention.value_length': uint32(32),
    ...more,
  });

describe('a model that compresses keys and values', () => {
  it('keeps one row for all heads', async () => {
    const layer = { kvHeads: 1, headSize: 96, valueSize: 0, window: null };
    expect(await validate({ metadata: absorbed() })).toMatchObject({
      model: { layers: 2, heads: 4, kvHeads: 1, headSize: 96, table: [layer, layer] },
    });
  });

  it('keeps a key and a value for each head where the file is of an older form', async () => {
    const layer = { kvHeads: 4, headSize: 80, valueSize: 32, window: null };
    expect(await validate({ metadata: byHead() })).toMatchObject({
      model: { layers: 2, heads: 4, kvHeads: 4, headSize: 80, table: [layer, layer] },
    });
  });

  const contradiction = 'the sizes of its compressed keys and values contradict each other';

  // llama.cpp aborts the process for these.
  it.each<[string, Metadata, string]>([
    ['another key', absorbed({ 'attention.key_length': uint32(112) }), contradiction],
    ['another value', absorbed({ 'attention.value_length': uint32(32) }), contradiction],
    ['several KV heads', absorbed({ 'attention.head_count_kv': uint32(2) }), contradiction],
    ['nothing unrotated', absorbed({ 'attention.key_length_mla': uint32(32) }), contradiction],
    ['an odd rotation', absorbed({ 'rope.dimension_count': uint32(31) }), contradiction],
    ['heads that share keys', byHead({ 'attention.head_count_kv': uint32(2) }), contradiction],
    ['nothing unrotated by head', byHead({ 'attention.key_length': uint32(32) }), contradiction],
    ['half a statement', byHead({ 'attention.key_length_mla': uint32(80) }), 'alone'],
    ['no rank', absorbed({ 'attention.kv_lora_rank': uint32(0) }), 'is 0, not from 1'],
  ])('is refused for %s', async (_, metadata, reason) => {
    expect(await verdictOf({ metadata })).toMatch(new RegExp(`^model-invalid: .*${reason}`, 'u'));
  });

  it('is refused where the part that has a position is not stated', async () => {
    const metadata = Object.fromEntries(
      Object.entries(absorbed()).filter(([key]) => key !== 'deepseek2.rope.dimension_count'),
    );
    expect(await verdictOf({ metadata })).toContain('rope.dimension_count is missing');
  });
});
