import { describe, expect, it } from 'vitest';
import { folderName, readList } from './list.ts';

const list = await readList();

describe('the list of repositories', () => {
  it('has 18 packages of JavaScript or TypeScript and 6 of Python', () => {
    expect(list.filter(({ registry }) => registry === 'npm')).toHaveLength(18);
    expect(list.filter(({ registry }) => registry === 'pypi')).toHaveLength(6);
  });

  it('names each once', () => {
    expect(new Set(list.map(folderName)).size).toBe(list.length);
    for (const entry of list) expect(folderName(entry)).toMatch(/^[a-z][\w.-]+$/u);
  });

  it('has lengths for one context of 8,192 tokens, for four and for more', () => {
    const tokens = list.map((entry) => entry.tokens);
    expect(Math.min(...tokens)).toBeGreaterThanOrEqual(6000);
    expect(Math.max(...tokens)).toBeLessThanOrEqual(120_000);
    const between = (from: number, to: number): number =>
      tokens.filter((count) => count >= from && count < to).length;
    expect(between(6000, 20_000)).toBeGreaterThanOrEqual(6);
    expect(between(20_000, 60_000)).toBeGreaterThanOrEqual(6);
    expect(between(60_000, 120_000)).toBeGreaterThanOrEqual(6);
  });

  it.each(list)('$name has a sum and enough files to hold some out', ({ sha256, files }) => {
    expect(sha256).toMatch(/^[\da-f]{64}$/u);
    expect(files).toBeGreaterThanOrEqual(4);
  });
});
