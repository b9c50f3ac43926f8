/** The text shown at 200 cursor places in TypeScript, Python, Go, Rust, C++ and Vue. */
import { describe, expect, it } from 'vitest';
import { CompletionEnd } from '../../../extension/engine/completing/completion-end.ts';
import { heal } from '../../../extension/engine/prompt/token-healing.ts';
import { faultsOf } from './faults.ts';
import { placeCount, places } from './places.ts';
import type { Place } from './places.ts';

/** The part shown of a text that arrives in pieces of three characters, like tokens. */
function shown({ prefix, suffix }: Place, text: string, cutOff = false): string {
  const end = new CompletionEnd(prefix, suffix);
  for (let length = 3; length < text.length; length += 3) {
    const wanted = end.find(text.slice(0, length));
    if (wanted !== null) return wanted;
  }
  return end.finish(text, { cutOff });
}

const all = places();
const named = all.map(
  (place) => [`${place.path}:${String(place.line)} ${place.kind} ${place.missing}`, place] as const,
);

describe('the places', () => {
  it('are 200, of six languages and three kinds', () => {
    expect(all).toHaveLength(placeCount);
    expect(new Set(named.map(([name]) => name)).size).toBe(placeCount);
    for (const language of ['cpp', 'go', 'py', 'rs', 'ts', 'vue']) {
      const found = all.filter(({ path }) => path.endsWith(`.${language}`));
      expect(found.length, language).toBeGreaterThan(32);
      expect(new Set(found.map(({ kind }) => kind)).size, language).toBe(3);
    }
  });
});

describe.each(named)('%s', (_, place) => {
  const { kind, missing, prefix, suffix } = place;
  const rest = suffix.split('\n', 1)[0] ?? '';

  it('shows what is missing, and no more where the model goes on with the file', () => {
    expect(shown(place, missing)).toBe(missing);
    expect(shown(place, missing + suffix)).toBe(missing);
    expect(shown(place, missing + suffix.split('\n').slice(0, 3).join('\n'), true)).toBe(missing);
    expect(faultsOf(place, missing)).toEqual([]);
  });

  it('leaves out what follows on the line, of any length', () => {
    for (let length = 1; length <= rest.length; length += 1) {
      expect(shown(place, missing + rest.slice(0, length))).toBe(missing);
    }
  });

  it('shows nothing where the model has nothing but what follows', () => {
    if (kind === 'argument') expect(shown(place, suffix)).toBe('');
    else expect(shown(place, suffix).split('\n').slice(1).join('')).toBe('');
  });

  it('shows a line once where the model repeats it for ever', () => {
    const line = `${/^[ \t]*/u.exec(prefix.slice(prefix.lastIndexOf('\n') + 1))?.[0] ?? ''}again(1);`;
    if (kind !== 'argument') {
      expect(shown(place, `${missing}${`\n${line}`.repeat(12)}`)).toBe(`${missing}\n${line}`);
    }
    expect(shown(place, '0.'.repeat(60))).toBe('');
  });

  it('takes back one blank at most, and never a line', () => {
    const { kept, removed } = heal(prefix);
    expect(kept + removed).toBe(prefix);
    expect(removed).not.toMatch(/\n|[ \t]{2}/u);
    if (kind === 'line') expect(removed).toBe(prefix.at(-1));
  });
});
