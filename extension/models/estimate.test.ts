import { describe, expect, it } from 'vitest';
import { budgetTokens, kvBytes, memoryBytes, tokensThatFit, type KvShape } from './estimate.ts';
import { alikeLayers } from './layer-table.ts';

describe('the estimate', () => {
  const shape: KvShape = { table: alikeLayers(6, 2, 64), kvType: 'f16' };

  it('counts the keys and values of every layer and KV head', () => {
    expect(kvBytes(shape, 1)).toBe(2 * 6 * 2 * 64 * 2);
    expect(kvBytes(shape, 1000)).toBe(3_072_000);
    // 8.5 bits per value.
    expect(kvBytes({ ...shape, kvType: 'q8_0' }, 1000)).toBe((3_072_000 * 8.5) / 16);
    expect(kvBytes({ ...shape, kvType: 'q4_0' }, 1000)).toBe((3_072_000 * 4.5) / 16);
  });

  it('counts the keys that are kept as they were, where moving them would lose too much', () => {
    const moved = { ...shape, movesKeys: true };
    expect(kvBytes(moved, 1000)).toBe(3_072_000);
    expect(kvBytes({ ...moved, kvType: 'q8_0' }, 1000)).toBe((3_072_000 * 8.5) / 16);
    expect(kvBytes({ ...moved, kvType: 'q4_0' }, 1000)).toBe((3_072_000 * 4.5 * 1.5) / 16);
    const unrotated = { ...moved, table: alikeLayers(6, 2, 32) };
    expect(kvBytes({ ...unrotated, kvType: 'q8_0' }, 1000)).toBe((1_536_000 * 8.5 * 1.5) / 16);
  });

  it('counts values that are a part of their keys once, and others by their own size', () => {
    const each = { kvHeads: 1, headSize: 576, window: null };
    const bytesOf = (valueSize: number, more: Omit<KvShape, 'table'>): number =>
      kvBytes({ ...more, table: [{ ...each, valueSize }] }, 1000);
    expect(bytesOf(0, { kvType: 'f16' })).toBe(576_000 * 2);
    expect(bytesOf(128, { kvType: 'f16' })).toBe(704_000 * 2);
    expect(bytesOf(0, { kvType: 'q8_0' })).toBe(576_000 * (34 / 32));
    // llama.cpp does not rotate such keys.
    expect(bytesOf(0, { kvType: 'q8_0', movesKeys: true })).toBe(2 * 576_000 * (34 / 32));
    expect(bytesOf(128, { kvType: 'q8_0', movesKeys: true })).toBe(704_000 * (34 / 32));
  });

  it('counts the layers with a window by their window, whatever the budget', () => {
    const windowed = {
      ...shape,
      table: shape.table.map((layer, index) => ({ ...layer, window: index < 4 ? 512 : null })),
    };
    expect(kvBytes(windowed, 1000)).toBe(kvBytes(shape, 1000) / 3);
    // 511 rows, rounded up to 32, and 100 behind them.
    const windows = 4 * 2 * 2 * 64 * 2 * (512 + 100);
    expect(memoryBytes(windowed, 1000, 100)).toBe(kvBytes(windowed, 1100) + windows);
    expect(tokensThatFit(windowed, memoryBytes(windowed, 1000, 100), 100)).toBe(1000);
    expect(tokensThatFit(windowed, memoryBytes(windowed, 1000, 100) - 1, 100)).toBe(999);
  });

  it('turns every unit into tokens, rounded down, never none', () => {
    expect(budgetTokens({ unit: 'tokens', value: 3000 }, shape, 1)).toBe(3000);
    expect(budgetTokens({ unit: 'percent', value: 10 }, shape, 36_789)).toBe(3678);
    expect(budgetTokens({ unit: 'mebibytes', value: 3 }, shape, 1)).toBe(1024);
    expect(budgetTokens({ unit: 'percent', value: 1 }, shape, 50)).toBe(1);
    expect(budgetTokens({ unit: 'mebibytes', value: 0.001 }, shape, 50)).toBe(1);
  });
});
