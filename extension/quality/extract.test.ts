import { describe, expect, it } from 'vitest';
import type { Probe, QuestionForm } from '../protocol/requests/probes.ts';
import { Extraction } from './extract.ts';

/** The questions of one file, as `kind prompt|expected|after`. */
function asked(path: string, lines: readonly string[], form: QuestionForm = 'line'): string[] {
  const extraction = new Extraction();
  extraction.add(path, `${lines.join('\n')}\n`);
  return extraction.candidates(form).flat().map(golden);
}

function golden({ kind, prompt, expected, after }: Probe): string {
  return `${kind} ${prompt}|${expected}|${after}`;
}

describe('what the lines of a language ask', () => {
  it.each<[path: string, lines: readonly string[], expected: readonly string[]]>([
    [
      'src/a.ts',
      [
        "import { Reader } from './streams/reader.ts';",
        "const path = require('node:path');",
        'export const chunkSize: number = 4096; // bytes',
        '  private readonly label = "a name";',
        "  mode: 'strict',",
        'export async function readAll<T>(source: T, limit = 3): Promise<void> {',
        'const join = (one: string, two: string): string => one + two;',
        'export class Late extends Earlier {',
        'const computed = other(1);',
        '// const hidden = 12;',
      ],
      [
        "import import { Reader } from '|./streams/reader.ts|';",
        "import const path = require('|node:path|');",
        'constant export const chunkSize: number = |4096|; // bytes',
        'constant   private readonly label = |"a name"|;',
        "constant   mode: |'strict'|,",
        'symbol export async function readAll<T>(|source: T, limit = 3|): Promise<void> {',
        'symbol const join = (|one: string, two: string|): string => one + two;',
        'symbol export class Late extends |Earlier| {',
      ],
    ],
    [
      'pkg/a.py',
      [
        'from pkg.readers import Reader, Writer  # both',
        'LIMIT: int = 4096',
        '    "depth": 12,',
        'async def read_all(self, source, limit=3):',
        'class Late(Earlier):',
        'total = count + 1',
      ],
      [
        'import from pkg.readers import |Reader, Writer|  # both',
        'constant LIMIT: int = |4096|',
        'constant     "depth": |12|,',
        'symbol async def read_all(|self, source, limit=3|):',
        'symbol class Late(|Earlier|):',
      ],
    ],
    [
      'a.go',
      [
        'import store "example.org/disk/v2"',
        'const Limit = 4096',
        '\tDepth int = 12',
        'func (r *Reader) ReadAll(source io.Reader, limit int) error {',
      ],
      [
        'import import store "|example.org/disk/v2|"',
        'constant const Limit = |4096|',
        'constant \tDepth int = |12|',
        'symbol func (r *Reader) ReadAll(|source io.Reader, limit int|) error {',
      ],
    ],
    [
      'a.rs',
      [
        'use crate::streams::Reader;',
        'pub const LIMIT: usize = 4_096;',
        'pub(crate) async fn read_all<T>(source: T, limit: usize) -> Result<()> {',
      ],
      [
        'import use crate::streams::|Reader|;',
        'constant pub const LIMIT: usize = |4_096|;',
        'symbol pub(crate) async fn read_all<T>(|source: T, limit: usize|) -> Result<()> {',
      ],
    ],
    [
      'A.java',
      [
        'import org.example.streams.Reader;',
        '    private static final int LIMIT = 4096;',
        '    public List<String> readAll(Source source, int limit) {',
        '        return readAll(source, 3);',
      ],
      [
        'import import org.example.streams.|Reader|;',
        'constant     private static final int LIMIT = |4096|;',
        'symbol     public List<String> readAll(|Source source, int limit|) {',
      ],
    ],
    [
      'A.cs',
      ['using Example.Streams;', '    public const string Label = "a name";'],
      ['import using Example.|Streams|;', 'constant     public const string Label = |"a name"|;'],
    ],
    [
      'a.cpp',
      [
        '#define LIMIT 4096',
        'static constexpr double kRatio = 0.75;',
        'int readAll(const Source & source, size_t limit) {',
        '    readAll(source, 3);',
      ],
      [
        'constant #define LIMIT |4096|',
        'constant static constexpr double kRatio = |0.75|;',
        'symbol int readAll(|const Source & source, size_t limit|) {',
      ],
    ],
    ['notes.txt', ['const LIMIT = 4096;'], []],
  ])('%s', (path, lines, expected) => {
    expect(asked(path, lines)).toEqual(expected);
  });
});

describe('what may be asked', () => {
  it('leaves out a name that is defined in two places', () => {
    const extraction = new Extraction();
    extraction.add('a.ts', 'const twice = 12;\nconst once = 34;\n');
    extraction.add('b.py', 'def twice(argument):\n    pass\n');
    const names = extraction.candidates('line').flatMap((file) => file.map(({ name }) => name));
    expect(names).toEqual(['once']);
  });

  it('leaves out what the prompt or the path says already', () => {
    expect(asked('a.ts', ["const colour = 'Colour';"])).toEqual([]);
    expect(asked('streams/reader.ts', ["import { Stream } from './streams/reader';"])).toEqual([]);
  });

  it('leaves out what cannot be asked in words', () => {
    const lines = ['function add(one, two) {', "import { One, Two } from './both';"];
    expect(asked('a.ts', lines)).toHaveLength(2);
    expect(asked('a.ts', lines, 'words')).toEqual([]);
    expect(asked('a.ts', ["import { One } from './one1';"], 'words')).toHaveLength(1);
  });

  it('takes the time of its length for lines made to be slow', () => {
    const hostile = [
      `export const ${'a '.repeat(140)}`,
      `import ${"from '".repeat(45)}`,
      `def f(${'('.repeat(250)}`,
      `use ${'a::'.repeat(90)}`,
      'static '.repeat(40),
    ];
    const text = `${hostile.join('\n')}\n`.repeat(200);
    const startedAt = performance.now();
    for (const extension of ['ts', 'py', 'go', 'rs', 'java', 'cpp']) {
      new Extraction().add(`a.${extension}`, text);
    }
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
