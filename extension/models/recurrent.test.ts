import { describe, expect, it } from 'vitest';
import type { MixedModel, RecurrentKind } from './recurrent.ts';
import { recurrentLayers } from './recurrent.ts';

type Header = Readonly<Record<string, number | readonly number[]>>;

const model = { layers: 8, embedding: 64, queries: 64 } as const;

const withoutGroups = {
  'ssm.conv_kernel': 4,
  'ssm.inner_size': 128,
  'ssm.state_size': 32,
  'ssm.time_step_rank': 4,
} as const;
const ssm = { ...withoutGroups, 'ssm.group_count': 2 } as const;
const everySecond = { 'attention.head_count_kv': [0, 2, 0, 2, 0, 2, 0, 2] } as const;

/** A valid header of each kind, its attention layers, and the bytes of a recurrent layer. */
const sound: Record<RecurrentKind, readonly [header: Header, attending: number, bytes: number]> = {
  'delta-net': [ssm, 2, 4 * (3 * 256 + 32 * 128)],
  mamba: [{ ...withoutGroups, ...everySecond }, 4, 4 * (3 * 128 + 32 * 128)],
  mamba2: [{ ...ssm, ...everySecond }, 4, 4 * (3 * 256 + 32 * 128)],
  'mamba2-double': [{ ...ssm, ...everySecond }, 4, 4 * (3 * 256 + 32 * 128)],
  'short-convolution': [{ ...everySecond, 'shortconv.l_cache': 3 }, 4, 4 * 64 * 2],
};

function layersOf(kind: RecurrentKind, header: Header, changes: Partial<MixedModel> = {}) {
  const numbers = (key: string): readonly number[] => [header[key] ?? []].flat();
  const keys = {
    largest: (key: string) => Math.max(0, ...numbers(key)),
    list: (key: string) => (Array.isArray(header[key]) ? numbers(key) : null),
  };
  return recurrentLayers(keys, kind, { ...model, ...changes });
}

const kinds = Object.keys(sound) as RecurrentKind[];

describe.each(kinds)('recurrent layers of the kind %s', (kind) => {
  const [header, attending, bytes] = sound[kind];

  it('are counted, and the bytes of their state', () => {
    const stateBytes = (8 - attending) * bytes;
    expect(layersOf(kind, header)).toEqual({ attending, stateBytes });
  });

  it.each(Object.keys(header).filter((key) => key.startsWith('s')))('need a sound %s', (key) => {
    for (const value of [0, 0.5, 2 ** 30]) {
      expect(() => layersOf(kind, { ...header, [key]: value })).toThrow(key);
    }
  });

  it('do not stand alone', () => {
    const none = kind === 'delta-net' ? { full_attention_interval: 9 } : everySecond;
    const heads = { ...none, 'attention.head_count_kv': Array<number>(8).fill(0) };
    expect(() => layersOf(kind, { ...header, ...heads })).toThrow('none of its layers attends');
  });
});

describe('sizes that would end the process', () => {
  it.each<[RecurrentKind, Header]>([
    ['delta-net', { 'ssm.inner_size': 96 }],
    ['delta-net', { 'ssm.group_count': 3 }],
    ['mamba', { 'ssm.inner_size': 64 }],
    ['mamba2', { 'ssm.time_step_rank': 3 }],
    ['mamba2', { 'ssm.group_count': 3 }],
    ['mamba2-double', { 'ssm.inner_size': 256 }],
  ])('of the kind %s are refused: %j', (kind, changes) => {
    expect(() => layersOf(kind, { ...sound[kind][0], ...changes })).toThrow(
      'do not fit each other',
    );
  });

  it.each<RecurrentKind>(['mamba', 'short-convolution'])('%s with other heads', (kind) => {
    expect(() => layersOf(kind, sound[kind][0], { queries: 32 })).toThrow('32 values');
  });

  it('are refused where experts are missing', () => {
    const header = { ...sound['short-convolution'][0], expert_feed_forward_length: 16 };
    expect(() => layersOf('short-convolution', header)).toThrow('expert_count');
    const counted = { ...header, expert_count: 4 };
    expect(() => layersOf('short-convolution', counted)).toThrow('expert_used_count');
    expect(() => layersOf('short-convolution', { ...counted, expert_used_count: 2 })).not.toThrow();
  });
});

describe('which layers attend', () => {
  it.each<[Header, number]>([
    [{}, 2],
    [{ full_attention_interval: 2 }, 4],
    [{ full_attention_interval: 3 }, 2],
    [{ 'attention.recurrent_layers': [1, 1, 0, 1, 1, 0, 1, 0, 0] }, 3],
  ])('says %j of a delta net', (changes, attending) => {
    expect(layersOf('delta-net', { ...ssm, ...changes }).attending).toBe(attending);
  });

  it('are those with KV heads, and a layer may be a network alone', () => {
    const header = {
      ...ssm,
      'attention.head_count_kv': [0, 2, 0, 0, 0, 0, 0, 0],
      feed_forward_length: [0, 0, 64, 64, 0, 0, 0, 0],
    };
    expect(layersOf('mamba2', header)).toEqual({
      attending: 1,
      stateBytes: 5 * sound.mamba2[2],
    });
  });

  it('is refused where their distance is none', () => {
    for (const full_attention_interval of [0.5, [4, 4]]) {
      expect(() => layersOf('delta-net', { ...ssm, full_attention_interval })).toThrow('interval');
    }
  });
});
