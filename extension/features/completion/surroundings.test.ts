import { describe, expect, it } from 'vitest';
import { prefixCharacters, suffixCharacters, surroundings } from './surroundings.ts';

describe('surroundings', () => {
  it('takes a short document whole', () => {
    expect(surroundings('ab\ncd', 3)).toEqual({ prefix: 'ab\n', suffix: 'cd' });
  });

  it('cuts a long one at whole lines', () => {
    const line = `${'x'.repeat(99)}\n`;
    const { prefix, suffix } = surroundings(line.repeat(100), 5050);
    expect(prefix.length).toBeLessThanOrEqual(prefixCharacters);
    expect(prefix.startsWith('x'.repeat(99))).toBe(true);
    expect(prefix.endsWith('x'.repeat(50))).toBe(true);
    expect(suffix.length).toBeLessThanOrEqual(suffixCharacters);
    expect(suffix.endsWith('\n')).toBe(true);
  });

  it('keeps a part of one long line, never half a character', () => {
    const { prefix, suffix } = surroundings('😀'.repeat(5000), 4001 * 2);
    expect(prefix).not.toMatch(/\p{Surrogate}/u);
    expect(suffix).not.toMatch(/\p{Surrogate}/u);
    const odd = surroundings(`x${'😀'.repeat(5000)}`, 4001 * 2 + 1);
    expect(odd.prefix).not.toMatch(/\p{Surrogate}/u);
    expect(odd.suffix).not.toMatch(/\p{Surrogate}/u);
    const shifted = surroundings('😀'.repeat(5000) + 'x', 10_000);
    expect(shifted.prefix.length).toBe(prefixCharacters);
  });
});
