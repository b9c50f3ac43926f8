import { describe, expect, it } from 'vitest';
import { CompletionEnd } from './completion-end.ts';

/** Feeds a text character by character and returns the wanted part. `|` is the cursor. */
function shown(code: string, text: string, cutOff = false): string {
  const cursor = code.indexOf('|');
  const end = new CompletionEnd(code.slice(0, cursor), code.slice(cursor + 1));
  for (let length = 1; length <= text.length; length += 1) {
    const wanted = end.find(text.slice(0, length));
    if (wanted !== null) return wanted;
  }
  return end.finish(text, { cutOff });
}

describe('a completion of several lines', () => {
  it('ends before a blank line, but not before the first text', () => {
    expect(shown('f() {|', '\n  return a;\n\nfunction b() {')).toBe('\n  return a;');
    expect(shown('|', 'return a;\n  \nmore')).toBe('return a;');
    expect(shown('}|', '\n\nf() {\n}\n\ng()')).toBe('\n\nf() {\n}');
  });

  it('begins on a line that was indented for it, or not at all', () => {
    expect(shown('f() {\n  |\n}', '\n  return a;\n')).toBe('');
    expect(shown('f() {\n|\n}', '\n  return a;\n')).toBe('\n  return a;');
  });

  it('tells an inner brace from the one below', () => {
    const text = '  if (a) {\n    b();\n  }\n}\n';
    expect(shown('|\n}\n', text)).toBe('  if (a) {\n    b();\n  }');
    expect(shown('{\n  if (a) {\n    b();\n  |\n}\n', '}')).toBe('}');
    expect(shown('<ul>\n  <li>a</li>\n|\n</div>\n', '</ul>')).toBe('</ul>');
  });

  it('ends before what is no character', () => {
    expect(shown('|', 'say("a\ufffd', true)).toBe('say("a');
    expect(shown('f(|)', 'a\ufffdb')).toBe('a');
  });

  it('keeps a text that the model ended itself', () => {
    expect(shown('|\n', 'x = 1;\ny = 2;')).toBe('x = 1;\ny = 2;');
    expect(shown('|', '')).toBe('');
  });
});

describe('a completion that repeats what stands below', () => {
  it.each([
    ['its first line', '  |\n  return total;\n}', 'return total;\n}\n', ''],
    ['its first line, begun already', '  retu|\n  return total;\n}', 'rn total;\n', ''],
    ['several lines', '  |\n  a(1);\n  b(2);\n  c(3);\n', 'a(1);\nb(2);\nc(3);\n', ''],
    ['but for blanks', '  |\n  total = a+b;\n', 'total = a + b;\n', ''],
    ['but for a comma at the end', '  |\n  name: text\n}', 'name: text,\n', ''],
    ['after a blank line', '  x();|\n\nfunction next() {\n', '\n\nfunction next() {\n', ''],
    ['after lines of its own', '|\n  return b;\n}', 'const b = 1;\n  return b;\n', 'const b = 1;'],
    [
      'the whole next function',
      'function a() {\n  |\n}\n\nfunction next(x) {\n  return x;\n}\n',
      'one();\nfunction next(x) {\n  return x;\n}\n',
      'one();',
    ],
    [
      'three lines further below',
      'f(\n  |\n  zero();\n  one(1);\n  two(2);\n  three(3);\n',
      'new();\n  one(1);\n  two(2);\n  three(3);\n',
      'new();',
    ],
  ])('%s', (_, code, text, wanted) => {
    expect(shown(code, text)).toBe(wanted);
  });

  it('is offered where only brackets or data are the same', () => {
    expect(shown('[\n  [1],\n  |\n  [1],\n]', '[1],\n')).toBe('[1],');
    expect(shown('a {\n  b {\n    c\n  |\n}\n', '}')).toBe('}');
  });

  it('is not offered where it repeats what stands directly above', () => {
    expect(shown('  total += value;\n  |\n', 'total += value;\n')).toBe('');
    expect(shown('  a(b);\n  c(d);\n  |\n', 'a(b);\n  c(d);\n  a(b);\n')).toBe('');
    expect(shown('    }\n  |\n', '}\n')).toBe('}');
    expect(shown('  0,\n  |\n', '0,\n  1,\n')).toBe('0,\n  1,');
    expect(shown('  read(a);\n  |\n', 'read(b);\n')).toBe('read(b);');
  });
});

describe('a completion within a line', () => {
  it.each([
    // The text's own brackets stay.
    ['console.log(|);', 'format(values)', 'format(values)'],
    ['foo(|)', 'bar(x)', 'bar(x)'],
    ['x = [|];', '[1, 2]', '[1, 2]'],
    ['x = [|];', '[1], [2]', '[1], [2]'],
    ['x = {|}', ' a: { b: 1 } ', ' a: { b: 1 } '],
    ['x = `${|}`', 'fn({ a })', 'fn({ a })'],
    ['foo(|"a")', '"b", ', '"b", '],
    ['print("|")', 'a" + b + "c', 'a" + b + "c'],
    ['print("|")', 'say \\"hi\\"', 'say \\"hi\\"'],
    ['fn f(x: |) {', "&'a str", "&'a str"],
    // Text that follows anyway is removed, all of it or its beginning.
    ['console.log(|);', '"x")', '"x"'],
    ['console.log(|);', '"x");', '"x"'],
    ['console.log(|);', 'format(values));', 'format(values)'],
    ['console.log(|);', '"x"); more();', '"x"'],
    ['console.log(|);\n}', 'a, b);\n  more();', 'a, b'],
    ['x = [|];', '1, 2]', '1, 2'],
    ['x = {|}', ' a: 1 }', ' a: 1 '],
    ['x = { | }', 'a: 1 }', 'a: 1'],
    ['x = { | }', 'a: 1}', 'a: 1'],
    ['x = "|";', 'hello"', 'hello'],
    ['x = "|";', 'hello";', 'hello'],
    ['print("|")', 'hello")', 'hello'],
    ['print(|)', '"(")', '"("'],
    ['x = `a${|}b`', 'name}', 'name'],
    ['f"{|}"', 'name}"', 'name'],
    ['if (a && |) {', 'b) {', 'b'],
    ['const x = |;', 'a;', 'a'],
    ['const x = |;', 'a; const y = b;', 'a'],
    ['f(|, b)', 'a, b)', 'a'],
    ['f(|, b)', 'a,', 'a'],
    ['get|Name()', 'UserName()', 'User'],
    ["fn f<'a>(x: |) -> &'a str {", "&'a str)", "&'a str"],
    ['<input v-model="|" type="text" />', 'search" type="text" />', 'search'],
    ['<p>{{ | }}</p>', 'failure }}</p>', 'failure'],
    ["// don't (|)", 'stop)', 'stop'],
    ["import {|} from 'a';", ' b } from "c";', ' b '],
    ['stoul(|) : 512;', 'argv[1])[0]: 0;', 'argv[1]'],
    // What it leaves open is removed.
    ['f(|)', 'a, g(b', 'a, g'],
    ['f(|)', '{ a: 1', ''],
    ['f(|);', 'a, "text', 'a,'],
    ['if (|) {', 'a && (b || c) {', 'a && (b || c)'],
    // A bracket that an earlier line opened counts as well.
    ['f(\n  |);', 'g(x)', 'g(x)'],
    ['f(\n  |);', 'g(x));', 'g(x)'],
    ['f(\n  |);', '"x")', '"x"'],
    ['f(\n  |);', 'g(x', 'g'],
    ['f({\n  a: |});', '[1, 2]', '[1, 2]'],
    // If only what follows is written, nothing is left.
    ['console.log(|);', ');', ''],
    ['f(|)', ')\nmore', ''],
  ])('%s + %s', (code, text, wanted) => {
    expect(shown(code, text)).toBe(wanted);
  });

  it('stays on its line', () => {
    expect(shown('f(|)', 'first\nsecond')).toBe('first');
  });
});

describe('a completion that goes round in circles', () => {
  it('keeps lines that are equal a few times', () => {
    expect(shown('[\n|\n]', '0,\n0,\n0,\n1,\n')).toBe('0,\n0,\n0,\n1,');
    expect(shown('a\n|', '  step();\n  step();\n  last();')).toBe(
      '  step();\n  step();\n  last();',
    );
  });

  it('shows repeated lines once', () => {
    expect(shown('a|', '\n  step();'.repeat(12))).toBe('\n  step();');
    expect(shown('|', 'a = 1;\n' + 'b(a);\nc(a);\n'.repeat(12))).toBe('a = 1;\nb(a);\nc(a);');
  });

  it('does not show a line that repeats itself', () => {
    expect(shown('x = |', '0.'.repeat(40))).toBe('');
    expect(shown('x = |', `1;\ny = ${'4'.repeat(70)}`)).toBe('1;');
    expect(shown('f(|)', 'ab'.repeat(40))).toBe('');
  });

  it('distrusts an end that was cut off in the middle of one', () => {
    const text = `first();\nx = ${'0.'.repeat(20)}`;
    expect(shown('|', text, true)).toBe('first();');
    expect(shown('|', text, false)).toBe(text);
  });

  it('keeps separators', () => {
    const line = `// ${'-'.repeat(90)}`;
    expect(shown('|', `${line}\nx();`)).toBe(`${line}\nx();`);
  });
});
