import { describe, expect, it } from 'vitest';
import { modelMetadata } from '../../test/fixtures/gguf-writer.ts';
import type { WrittenValue } from '../../test/fixtures/gguf-writer.ts';
import { modelFiles, uint32 } from '../../test/fixtures/model-files.ts';

const { validate, verdictOf } = modelFiles();

describe('a model of which some layers attend through a window', () => {
  const withWindow = (more: Record<string, WrittenValue>): Record<string, WrittenValue> =>
    modelMetadata('gemma3', {
      'gemma3.block_count': uint32(7),
      'gemma3.attention.sliding_window': uint32(512),
      ...more,
    });

  it('has the layers that attend to all, by the order of its family or its own', async () => {
    expect(await validate({ metadata: withWindow({}) })).toMatchObject({
      model: {
        layers: 1,
        graphLayers: 7,
        table: [512, 512, 512, 512, 512, null, 512].map((window) => ({ window })),
      },
    });
    const pattern = { 'gemma3.attention.sliding_window_pattern': uint32(2) };
    expect(await validate({ metadata: withWindow(pattern) })).toMatchObject({
      model: { layers: 3 },
    });
    const flags = [true, true, false, true, true, false, false].map(Number);
    const list = { type: 'uint32s', value: flags } as const;
    expect(
      await validate({
        metadata: withWindow({ 'gemma3.attention.sliding_window_pattern': list }),
      }),
    ).toMatchObject({
      model: { layers: 3, table: flags.map((flag) => ({ window: flag ? 512 : null })) },
    });
  });

  it('has the first of several layers attend to all, in a family that does', async () => {
    const metadata = modelMetadata('laguna', {
      'laguna.block_count': uint32(6),
      'laguna.attention.sliding_window': uint32(512),
    });
    expect(await validate({ metadata })).toMatchObject({
      model: { layers: 2, table: [null, 512, 512, 512, null, 512].map((window) => ({ window })) },
    });
  });

  it('has no window where the metadata have none', async () => {
    const metadata = withWindow({ 'gemma3.attention.sliding_window': uint32(0) });
    expect(await validate({ metadata })).toMatchObject({ model: { layers: 7 } });
  });

  it.each<[string, WrittenValue, string]>([
    ['attention.sliding_window', uint32(1), 'which no layer can have'],
    ['attention.sliding_window', { type: 'float32', value: 8.5 }, 'which no layer can have'],
    ['attention.sliding_window_pattern', { type: 'uint32s', value: [1, 0] }, 'names 2 of 7 layers'],
    ['attention.sliding_window_pattern', uint32(8), 'through windows in every layer'],
    ['attention.sliding_window_pattern', uint32(1), 'leaves no layer a window'],
    ['block_count', uint32(5), 'through windows in every layer'],
  ])('is refused for %s = %j', async (key, value, reason) => {
    expect(await verdictOf({ metadata: withWindow({ [`gemma3.${key}`]: value }) })).toContain(
      reason,
    );
  });
});
