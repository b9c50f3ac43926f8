import { describe, expect, it } from 'vitest';
import type { NativeDevice } from './contract.ts';
import { availableMainMemory, freeBytes, layersThatFit } from './free-memory.ts';

const gpu = (freeBytesOfIt: number): NativeDevice => ({
  name: 'gpu',
  description: 'gpu',
  kind: 'gpu',
  freeBytes: freeBytesOfIt,
  totalBytes: freeBytesOfIt,
});

describe('layersThatFit', () => {
  const fit = (free: number): number => layersThatFit(32, 3300, 320, 100, free);

  it('puts everything on a GPU that holds everything', () => {
    expect(fit(3720)).toBe(-1);
    expect(fit(1e9)).toBe(-1);
  });

  it('puts as many layers as fit otherwise, and none where none fits', () => {
    expect(fit(3719)).toBe(32);
    // A layer weighs 100 and holds keys and values of 10.
    expect(fit(100 + 5 * 110 + 1)).toBe(5);
    expect(fit(100 + 109)).toBe(0);
    expect(fit(0)).toBe(0);
  });
});

describe('freeBytes', () => {
  it('adds up what computes, and keeps some back', () => {
    const devices = [gpu(1000), gpu(3000), { ...gpu(9e9), kind: 'cpu' } as const];
    expect(freeBytes(devices, true)).toBe(3800);
    expect(freeBytes([], false)).toBeLessThan(availableMainMemory() * 0.96);
    expect(freeBytes([], false)).toBeGreaterThan(0);
  });
});
