import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { SearchIndex } from './search-index.ts';

function indexOf(texts: Readonly<Record<string, string>>): SearchIndex {
  const index = new SearchIndex();
  for (const [path, text] of Object.entries(texts)) index.add(path, text);
  return index;
}

/** Bytes of the heap that are really in use. */
function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') Reflect.apply(collect, undefined, []);
  return process.memoryUsage().heapUsed;
}

describe('find', () => {
  it('gives definitions, then imports, then uses, with their lines', () => {
    const index = indexOf({
      'use.ts': "import { limit } from './a';\n\ncall(limit);\n",
      'a.ts': '// limit\nexport const limit = 3;\n',
    });
    expect(index.find('limit', 10)).toEqual({
      files: 2,
      occurrences: [
        { path: 'a.ts', line: 2, kind: 'definition' },
        { path: 'use.ts', line: 1, kind: 'import' },
        { path: 'use.ts', line: 3, kind: 'use' },
        { path: 'a.ts', line: 1, kind: 'use' },
      ],
    });
    expect(index.find('limit', 1).occurrences).toHaveLength(1);
    expect(index.find('lim', 10)).toEqual({ files: 0, occurrences: [] });
  });

  it('counts a line once, by its strongest occurrence', () => {
    const index = indexOf({ 'a.ts': 'call(n, n); let n = n;\n' });
    expect(index.find('n', 10).occurrences).toEqual([
      { path: 'a.ts', line: 1, kind: 'definition' },
    ]);
  });

  it('knows names that objects have by nature', () => {
    const index = indexOf({ 'a.ts': 'const constructor = __proto__;\n' });
    expect(index.find('constructor', 10).files).toBe(1);
    expect(index.find('__proto__', 10).files).toBe(1);
    expect(index.find('toString', 10).files).toBe(0);
  });
});

describe('change', () => {
  it('replaces a file’s occurrences and windows', () => {
    const index = indexOf({ 'a.ts': 'let gone;\n', 'b.ts': 'let other;\n' });
    index.add('a.ts', '\nlet fresh;\n');
    expect(index.find('gone', 10).files).toBe(0);
    expect(index.searchWindows('gone', 10)).toEqual([]);
    expect(index.find('fresh', 10).occurrences).toEqual([
      { path: 'a.ts', line: 2, kind: 'definition' },
    ]);
    expect(index.find('other', 10).files).toBe(1);
    index.remove('a.ts');
    index.remove('never.ts');
    expect(index.find('fresh', 10).files).toBe(0);
    expect([...index.paths]).toEqual(['b.ts']);
  });

  it('of a text is noticed', () => {
    const index = indexOf({ 'a.ts': 'a\n' });
    expect(index.isUnchanged('a.ts', 'a\n')).toBe(true);
    expect(index.isUnchanged('a.ts', 'b\n')).toBe(false);
    expect(index.isUnchanged('b.ts', 'a\n')).toBeNull();
  });
});

describe('searchWindows', () => {
  it('finds words inside names, rare ones first, where they are', () => {
    const filler = 'let item;\n'.repeat(40);
    const index = indexOf({
      'a.ts': filler,
      'b.ts': `${filler}function parseConfigFile() {}\n${filler}`,
      'c.ts': `${filler}// the parser of items\n`,
    });
    const [best] = index.searchWindows('parse the config', 5);
    expect(best).toMatchObject({ path: 'b.ts', fromLine: 33, toLine: 48 });
    expect(index.searchWindows('config_file', 5)[0]?.path).toBe('b.ts');
    expect(index.searchWindows('nothing', 5)).toEqual([]);
  });
});

describe('limits', () => {
  it('leave later files out of the windows first, then out of all', () => {
    const index = new SearchIndex({ windowCharacters: 20, exactCharacters: 40 });
    index.add('a.ts', 'let alpha = 1;\n');
    index.add('b.ts', 'let bravo = 1;\n');
    index.add('c.ts', 'let charlie = 1;\n');
    expect(['alpha', 'bravo', 'charlie'].map((name) => index.find(name, 1).files)).toEqual([
      1, 1, 0,
    ]);
    expect(['alpha', 'bravo'].map((name) => index.searchWindows(name, 1).length)).toEqual([1, 0]);
    // It is still known as a file, so that its changes are noticed.
    expect(index.isUnchanged('c.ts', 'let charlie = 1;\n')).toBe(true);
  });

  it('keep memory in proportion to the text', () => {
    const index = new SearchIndex({ windowCharacters: 0 });
    const megabyte = (file: number): string =>
      Array.from(
        { length: 20_000 },
        (_, line) => `  const someLongerName${String((line * 7 + file) % 5000)} = other(value);\n`,
      ).join('');
    const before = usedHeap();
    for (let file = 0; file < 10; file++) index.add(`${String(file)}.ts`, megabyte(file));
    // Ten megabytes of text.
    expect(usedHeap() - before).toBeLessThan(16 * 2 ** 20);
    expect(index.find('someLongerName7', 1).files).toBe(10);
  });

  it('do not grow with a file that is saved again and again', () => {
    const index = new SearchIndex({ windowCharacters: 0 });
    index.add('other.ts', 'const somethingElse = 1;\n');
    const text = (version: number): string =>
      Array.from(
        { length: 5000 },
        (_, line) => `  const name${String(line)} = version${String(version)}(value);\n`,
      ).join('');
    index.add('a.ts', text(0));
    const before = usedHeap();
    for (let version = 1; version <= 60; version++) index.add('a.ts', text(version));
    expect(usedHeap() - before).toBeLessThan(3 * 2 ** 20);
    expect(index.find('version59', 1).files).toBe(0);
    expect(index.find('version60', 9).occurrences.map(({ line }) => line)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(index.find('name4999', 2).occurrences).toEqual([
      { path: 'a.ts', line: 5000, kind: 'definition' },
    ]);
    expect(index.find('somethingElse', 1).files).toBe(1);
  });
});
