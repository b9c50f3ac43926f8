import { describe, expect, it } from 'vitest';
import { lineUnits } from './line-units.ts';

/** At this size, quadratic time already takes many seconds. */
const size = 60_000;

function filled(part: string): string {
  return part.repeat(Math.ceil(size / part.length)).slice(0, size);
}

const names = `a.ts a.py a.c a.java a.cs a.dart a.kt a.swift a.scala a.go a.rs a.rb a.php a.sh a.pl
  a.lua a.ex a.json a.proto a.yaml a.toml a.md a.sql a.css a.mk a.cmake Dockerfile a.txt`.split(
  /\s+/,
);

const texts: Readonly<Record<string, string>> = {
  'one line': filled('a=1;'),
  brackets: filled('({['),
  'brackets that close nothing': filled(')]}'),
  'an unterminated string': `const a = "${filled('x')}`,
  'unterminated strings of all kinds': filled(`'"\``),
  'an unterminated string over lines': `const a = \`\n${filled('x\n')}`,
  'an unterminated comment': `/*${filled('/* ')}`,
  'templates within templates': filled('`${'),
  'templates over lines': filled('`${\n'),
  'slashes that open nothing': filled('=/['),
  'raw strings without an end': filled('r##"'),
  'heredocs without an end': Array.from({ length: 6000 }, (_, i) => `x <<A${i}`).join('\n'),
  'heads without an end': filled('def f(\n'),
  'imports without an end': filled('import {\n'),
  'clauses without an end': filled('pub fn f()\nwhere\n'),
  'decorators of nothing': filled('@a\n'),
  'words and spaces': filled(`${'public '.repeat(30)}${' '.repeat(200)}\n`),
  'arrows and signs': filled(`const a${'=>'.repeat(110)}\n`),
  backslashes: filled('"\\\n'),
  'deep indentation': Array.from({ length: 340 }, (_, i) => `${' '.repeat(i)}if x:`).join('\n'),
  'empty lines': filled('\n'),
  fences: filled('```\n'),
  NUL: filled('\0'),
  'half surrogates': filled('\uD800'),
  nothing: '',
  'a byte order mark': '\uFEFF',
};

describe('any text', () => {
  it.each(Object.entries(texts))(
    'has units: %s',
    (_, text) => {
      const lines = text.split('\n').length - (text === '' || text.endsWith('\n') ? 1 : 0);
      for (const name of names) {
        const startedAt = performance.now();
        const { units, classes } = lineUnits(name, text);
        expect(performance.now() - startedAt).toBeLessThan(3000);
        expect(units).toHaveLength(lines);
        expect(classes).toHaveLength(lines);
        let sound = lines === 0 || units[0] === 0;
        for (let line = 1; line < lines; line++) {
          const step = (units[line] ?? 0) - (units[line - 1] ?? 0);
          sound &&= step === 1 || (step === 0 && classes[line] === classes[line - 1]);
        }
        expect(sound).toBe(true);
      }
    },
    300_000,
  );
});

describe('what is never closed', () => {
  const classes = (path: string, text: string): number[] => [...lineUnits(path, text).classes];

  it('does not raise what follows it', () => {
    const rest = 'x\n'.repeat(200);
    for (const [path, head] of [
      ['a.ts', 'import {\n'],
      ['a.ts', 'function f(\n'],
      ['a.ts', 'const a = f(\n'],
      ['a.py', 'class A(\n'],
    ] as const) {
      const [first, ...others] = classes(path, head + rest);
      expect(first).toBeGreaterThan(0);
      expect(Math.max(...others)).toBe(0);
    }
  });

  it('ends with its line where a string may hold no more', () => {
    expect(classes('a.ts', "const a = 'open\nconst b = 1;\n")).toEqual([5, 5]);
    expect(classes('a.sh', 'cat <<EOF\nA=1\n')).toEqual([0, 5]);
  });

  it('holds everything where it may: a comment, a template', () => {
    expect(classes('a.ts', '/* open\nconst b = 1;\n')).toEqual([0, 0]);
    expect(classes('a.ts', 'const a = `open\nconst b = 1;\n')).toEqual([5, 0]);
    expect(classes('a.ts', 'const a = `${)}`;\nconst b = 1;\n')).toEqual([5, 5]);
  });
});
