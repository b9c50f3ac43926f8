import { describe, expect, it } from 'vitest';
import { changeBetween, placeCode, type Span } from './place-code.ts';

const file = `import { a } from './a.ts';

/** Adds. */
export function add(x: number, y: number): number {
  return x - y;
}

export class Box {
  size = 1;

  grow(): void {
    this.size += 1;
  }
}

const limit = 3;
`;

/** The span of a part of a text. */
function spanOf(text: string, part: string): Span {
  const start = text.indexOf(part);
  return { start, end: start + part.length };
}

describe('placeCode', () => {
  it('replaces the declaration of the same name, and nothing else', () => {
    const code = 'export function add(x: number, y: number): number {\n  return x + y;\n}\n';
    expect(placeCode(file, code, null, 0)).toEqual({
      text: file.replace('x - y', 'x + y'),
      how: 'declarations',
    });
    const commented = `/** Adds two. */\n${code}`;
    expect(placeCode(file, commented, null, 0).text).toBe(
      file.replace('x - y', 'x + y').replace('/** Adds. */', '/** Adds two. */'),
    );
  });

  it('keeps the line ends of the file', () => {
    const crlf = file.replaceAll('\n', '\r\n');
    const code = 'function add(x, y) {\n  return x + y;\n}';
    const { text } = placeCode(crlf, code, null, 0);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    expect(text).toContain(
      '/** Adds. */\r\nfunction add(x, y) {\r\n  return x + y;\r\n}\r\n\r\nexport',
    );
  });

  it('puts new declarations behind the one before them, and new imports at the top', () => {
    const code = `import { a } from './a.ts';
import { b } from './b.ts';

const limit = 4;

function half(): number {
  return b(limit / 2);
}`;
    const { text, how } = placeCode(file, code, null, 0);
    expect(how).toBe('declarations');
    expect(text).toContain("from './a.ts';\nimport { b } from './b.ts';\n\n/** Adds. */");
    expect(text).toContain(
      'const limit = 4;\n\nfunction half(): number {\n  return b(limit / 2);\n}\n',
    );
    expect(text).not.toContain('limit = 3');
  });

  it('knows imports that go over several lines', () => {
    const text = `import {\n  a,\n  b,\n} from './a.ts';\n\nfunction f() {\n  a();\n  b();\n  a();\n}\n`;
    const code = `import { a,  b } from './b.ts';\nimport {\n  a, b,\n} from './a.ts';\nfunction f() {\n  c();\n}\n`;
    expect(placeCode(text, code, null, 0).text).toBe(
      `import {\n  a,\n  b,\n} from './a.ts';\nimport { a,  b } from './b.ts';\n\nfunction f() {\n  c();\n}\n`,
    );
  });

  it('gives Python the indentation of what it replaces', () => {
    const python =
      'class A:\n    @cached\n    def f(self):\n        return 1\n\n    def g(self):\n        return 2\n';
    const { text } = placeCode(python, 'def f(self):\n    if self:\n        return 3\n', null, 0);
    expect(text).toBe(
      'class A:\n    @cached\n    def f(self):\n        if self:\n            return 3\n\n    def g(self):\n        return 2\n',
    );
  });

  it('replaces a selection, with its indentation and its last line end', () => {
    const lines = '  grow(): void {\n    this.size += 1;\n  }\n';
    const code = 'grow(by: number): void {\n  this.size += by;\n}';
    const { text, how } = placeCode(file, code, spanOf(file, lines), 0);
    expect(how).toBe('selection');
    expect(text).toBe(
      file.replace(lines, '  grow(by: number): void {\n    this.size += by;\n  }\n'),
    );
    expect(placeCode(file, '4', spanOf(file, '3'), 0).text).toBe(file.replace('3', '4'));
  });

  it('takes another version of the whole file for it', () => {
    const code = file.replace('x - y', 'x + y').replace('size = 1', 'size = 2');
    expect(placeCode(file, code, null, 0)).toEqual({ text: code, how: 'file' });
  });

  it('inserts at the cursor what has no place, and at the end without a cursor', () => {
    expect(placeCode(file, 'run();', null, 0)).toEqual({ text: `run();${file}`, how: 'inserted' });
    expect(placeCode('a', 'run();', null, null).text).toBe('a\nrun();\n');
    expect(placeCode('', 'run();', null, null).text).toBe('run();\n');
  });

  it('does not guess between two declarations of a name', () => {
    const twice = 'def f():\n    pass\n\ndef f():\n    return\n\nx = [\n  1,\n  2,\n  3,\n]\n';
    expect(placeCode(twice, 'def f():\n    run()\n', null, null).how).toBe('inserted');
  });

  it('takes little time for any text', () => {
    const begun = performance.now();
    for (const unit of ['const ', 'function f', ' ', '{\n', '\n', 'pub ', '@a\n']) {
      placeCode(unit.repeat(20_000), unit.repeat(20_000), null, 0);
    }
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe('changeBetween', () => {
  it.each([
    ['a\nb\nc\n', 'a\nB\nc\n'],
    ['a\r\nb\r\n', 'a\r\nb\r\nc\r\n'],
    ['', 'a'],
    ['a', ''],
    ['a\na\n', 'a\na\na\n'],
    ['\ud83d\ude00', '\ud83d\ude01'],
    ['x', 'x'],
    ['a\nb', 'a\nb\n'],
  ])('makes %j into %j', (before, after) => {
    const { start, end, text } = changeBetween(before, after);
    expect(before.slice(0, start) + text + before.slice(end)).toBe(after);
    expect(start).toBeLessThanOrEqual(end);
  });

  it('makes any text into any other', () => {
    let seed = 1;
    const random = (most: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % most;
    };
    const text = (): string => Array.from({ length: random(8) }, () => 'ab\n'[random(3)]).join('');
    for (let i = 0; i < 5_000; i++) {
      const [before, after] = [text(), text()];
      const { start, end, text: part } = changeBetween(before, after);
      expect(start <= end && before.slice(0, start) + part + before.slice(end)).toBe(after);
    }
  });

  it('is about the lines that differ', () => {
    const change = changeBetween('a\nb\nc\n', 'a\nB\nc\n');
    expect(change).toEqual({ start: 2, end: 4, text: 'B\n' });
  });
});
