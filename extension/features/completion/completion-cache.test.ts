import { describe, expect, it } from 'vitest';
import { CompletionCache } from './completion-cache.ts';

const place = { document: 'a.ts', prefix: 'const a = ', suffix: ';\n' };

describe('CompletionCache', () => {
  it('finds what was set, for the same document, prefix and suffix alone', () => {
    const cache = new CompletionCache();
    cache.set(place, 'compute(1)');
    expect(cache.get(place)).toBe('compute(1)');
    expect(cache.get({ ...place, document: 'b.ts' })).toBeNull();
    expect(cache.get({ ...place, suffix: ')\n' })).toBeNull();
    expect(cache.get({ ...place, prefix: 'const b = ' })).toBeNull();
  });

  it('gives the rest after a part was typed', () => {
    const cache = new CompletionCache();
    cache.set(place, 'compute(1)');
    expect(cache.get({ ...place, prefix: 'const a = comp' })).toBe('ute(1)');
    expect(cache.get({ ...place, prefix: 'const a = compare' })).toBeNull();
    expect(cache.get({ ...place, prefix: 'const a = compute(1)' })).toBeNull();
  });

  it('knows that there was nothing', () => {
    const cache = new CompletionCache();
    cache.set(place, '');
    expect(cache.get(place)).toBe('');
    expect(cache.get({ ...place, prefix: 'const a = x' })).toBeNull();
  });

  it('survives a window that moves while one types', () => {
    const cache = new CompletionCache();
    const long = 'x'.repeat(3_000);
    cache.set({ ...place, prefix: long }, 'yz');
    expect(cache.get({ ...place, prefix: `${long.slice(1)}y` })).toBe('z');
  });

  it('forgets', () => {
    const cache = new CompletionCache();
    cache.set(place, 'compute(1)');
    cache.clear();
    expect(cache.get(place)).toBeNull();
  });
});
