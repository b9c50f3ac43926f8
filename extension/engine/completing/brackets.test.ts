import { describe, expect, it } from 'vitest';
import { CompletionEnd } from './completion-end.ts';

/** Feeds a text character by character and returns the wanted part. `¦` is the cursor. */
function shown(code: string, text: string, cutOff = false): string {
  const cursor = code.indexOf('¦');
  const end = new CompletionEnd(code.slice(0, cursor), code.slice(cursor + 1));
  for (let length = 1; length <= text.length; length += 1) {
    const wanted = end.find(text.slice(0, length));
    if (wanted !== null) return wanted;
  }
  return end.finish(text, { cutOff });
}

describe('a block that is opened within a line', () => {
  it.each([
    // On one line.
    ['foo(items.map((item) => ¦))', '{ return item.id; }', '{ return item.id; }'],
    ['foo(items.map((item) => ¦))', '{ return item.id; }));', '{ return item.id; }'],
    ['foo(items.map((item) => ¦))', 'item.ids[0]', 'item.ids[0]'],
    ['foo(items.map((item) => ¦))', '({ id: item.id })', '({ id: item.id })'],
    ['foo(items.map((item) => ¦))', '[item.id]))', '[item.id]'],
    ['foo(items.map(¦))', '(item) => item.id', '(item) => item.id'],
    // Braces over several lines.
    ['foo(items.map((item) => ¦))', '{\n  return item.id;\n}', '{\n  return item.id;\n}'],
    [
      'foo(items.map((item) => ¦))',
      '{\n  return item.id;\n}));\nmore();',
      '{\n  return item.id;\n}',
    ],
    ['foo(items.map((item) => ¦));', '{\n  a();\n\n  b();\n}));\n', '{\n  a();\n\n  b();\n}'],
    ['foo(items.reduce((a, b) => ¦, 0))', '{\n  return a + b;\n}, 0));\n', '{\n  return a + b;\n}'],
    [
      'foo(items.map(¦))',
      '(item) => {\n  return item.id;\n}))',
      '(item) => {\n  return item.id;\n}',
    ],
    ['foo(() => {\n  if (ready) ¦})', '{\n    go();\n  }\n})', '{\n    go();\n  }'],
    // Brackets and parentheses.
    ['foo(¦);', '[\n  1,\n  2,\n]);\n', '[\n  1,\n  2,\n]'],
    ['foo(¦);', 'bar(\n  1,\n  2,\n));\n', 'bar(\n  1,\n  2,\n)'],
    ['const x = ¦;', '{\n  a: [1],\n};\n', '{\n  a: [1],\n}'],
    // Strings and template strings.
    ['foo(¦);', '`a\n\n${b}\n`);\n', '`a\n\n${b}\n`'],
    ['foo(¦);', '"}{" + \'(\'', '"}{" + \'(\''],
    ['foo(¦, b)', 'a, b);', 'a'],
    // Never closed: nothing is left open.
    ['foo(items.map((item) => ¦))', '{\n  return item.id;\n', ''],
    ['if (¦) {', 'a && (b || c) {\n  d();\n}', 'a && (b || c)'],
    ['if (¦) {', 'a) {\n  d();\n}', 'a'],
    ['if (¦) {', 'a.some((b) => {\n  return b;\n})) {', 'a.some((b) => {\n  return b;\n})'],
    ['foo(¦);', 'a); bar(() => {\n  x();\n});', 'a'],
    // Go, Rust, C++, Python.
    ['go run(¦)', 'func() {\n\ta()\n})\n', 'func() {\n\ta()\n}'],
    [
      'let a: Vec<_> = b.map(¦).collect();',
      "|x: &'a str| {\n    x.len()\n}).collect();\n",
      "|x: &'a str| {\n    x.len()\n}",
    ],
    [
      'std::sort(a.begin(), a.end(), ¦);',
      "[](auto x, auto y) {\n  return x < y && c != '}';\n});\n",
      "[](auto x, auto y) {\n  return x < y && c != '}';\n}",
    ],
    ['print(¦)', '"""a\n\n(b"""))\n', '"""a\n\n(b"""'],
    ['x = {¦}', '\n    "a": 1,\n}\n', '\n    "a": 1,\n'],
    // Directly between two brackets.
    ['foo(() => {¦})', '\n  return 1;\n})', '\n  return 1;\n'],
    ['foo(() => {¦})', '\n  return 1;\n', '\n  return 1;\n'],
    ['foo(¦)', '\n  a,\n  b,\n)', '\n  a,\n  b,\n'],
    ['foo(() => {¦})', '\n  return 1;', ''],
    ['if (a) {¦} else {', '\n  b();\n} else {\n', '\n  b();\n'],
    ['foo(() => {¦})', '\n  a(() => {\n    b();\n  });\n})', '\n  a(() => {\n    b();\n  });\n'],
    ['foo(() => {¦})', '\n  a(() => {\n    b();\n', ''],
    // Tags.
    ['<div>¦</div>', '<div>a</div>', '<div>a</div>'],
    ['<div>¦</div>', '<div>a</div></div>', '<div>a</div>'],
    ['<div>¦</div>', '<p>a</p>', '<p>a</p>'],
    ['<div>¦</div>', 'a</div>', 'a'],
    ['<div>¦</div>', '\n  <p>a</p>\n</div>\n', '\n  <p>a</p>\n'],
    ['<li v-for="a in b" :key="a">¦</li>', '{{ a }}</li>', '{{ a }}'],
    ['<p><b>¦</b></p>', 'a</b><b>c</b></p>', 'a</b><b>c'],
    ['const f = ¦;', '<T>(a: T) => a', '<T>(a: T) => a'],
  ])('%s + %s', (code, text, wanted) => {
    expect(shown(code, text)).toBe(wanted);
  });
});

describe('a block that is opened at the end of a line', () => {
  it.each([
    ['if (ready) ¦', '{ go(); }\n\n', '{ go(); }'],
    ['f() {\n  if (ready) ¦\n}', '{\n    go();\n  }\n}', '{\n    go();\n  }'],
    // The same closing line exists below.
    ['namespace a {\nvoid f() ¦\n}\n', '{\n  go();\n}\n}', '{\n  go();\n}'],
    ['foo(\nbar¦\n);', '(\n  1,\n);\n);', '(\n  1,\n);'],
    ['[\n¦\n];\n', '[\n  1,\n];\n', '[\n  1,\n];'],
    ['<div id="a">\n¦\n</div>\n', '<div>\n  a\n</div>\n</div>', '<div>\n  a\n</div>'],
    // The same line exists below.
    ['  if (a) ¦\n  return b;\n}', '{\n    return b;\n  }\n  return b;', '{\n    return b;\n  }'],
    // A blank line within.
    ['f() ¦\n', '{\n  a();\n\n  b();\n}\n\ng() {', '{\n  a();\n\n  b();\n}'],
    ['func f() ¦\n', '{\n\ta()\n\n\tb()\n}\n\nfunc g() {', '{\n\ta()\n\n\tb()\n}'],
    [
      "fn f<'a>() ¦\n",
      "-> &'a str {\n    a();\n\n    b()\n}\n\nfn g()",
      "-> &'a str {\n    a();\n\n    b()\n}",
    ],
    ['const a = ¦\n', '`a\n\nb`;\n\nx', '`a\n\nb`;'],
    [
      'def f():¦\n',
      '\n    """A.\n\n    B.\n    """\n    return 1\n\n',
      '\n    """A.\n\n    B.\n    """\n    return 1',
    ],
    ['def f():¦\n', '\n    a()\n\n    b()\n', '\n    a()'],
    [
      '<template>\n¦',
      '  <ul>\n    <li>a</li>\n\n    <li>b</li>\n  </ul>\n\n',
      '  <ul>\n    <li>a</li>\n\n    <li>b</li>\n  </ul>',
    ],
    ['<template>\n¦', '  <br>\n\n  <p>a</p>\n', '  <br>'],
    ["// it's\n¦", "// don't\n\n// isn't\n", "// don't"],
    // The block already exists below.
    ['fn ¦\n    a();\n}\n', 'f() {\n    a();\n}\n', 'f() {'],
    // Never closed: keep the valid part.
    ['f() ¦\n', '{\n  a();\n\n  b();\n', '{\n  a();'],
    ['f() {¦\n', '\n  a();\n\n  b();\n}', '\n  a();'],
  ])('%s + %s', (code, text, wanted) => {
    expect(shown(code, text)).toBe(wanted);
  });
});

describe('code in a quote', () => {
  it.each([
    ['a Python f-string', 'add(f"Days: {¦}")', 'len(lines)} lines.")', 'len(lines)'],
    ['single quotes', "add(f'Days: {¦}')", "len(lines)} lines.')", 'len(lines)'],
    ['a raw one', 'add(rf"Days: {¦}")', 'len(lines)} lines.")', 'len(lines)'],
    ['a capital', 'add(F"Days: {¦}")', 'len(lines)} lines.")', 'len(lines)'],
    ['a t-string', 'add(t"Days: {¦}")', 'len(lines)} lines.")', 'len(lines)'],
    ['three quotes', 'add(f"""Days: {¦}""")', 'len(lines)} lines.""")', 'len(lines)'],
    ['C#', 'Add($"Days: {¦}");', 'lines.Count} lines.");', 'lines.Count'],
    ['a verbatim one', 'Add($@"Days: {¦}");', 'lines.Count} lines.");', 'lines.Count'],
    ['Kotlin', 'add("Days: ${¦}")', 'lines.size} lines.")', 'lines.size'],
    ['Ruby', 'add("Days: #{¦}")', 'lines.size} lines.")', 'lines.size'],
    ['JavaScript', 'add(`Days: ${¦}`)', 'lines.length} lines.`)', 'lines.length'],
    ['a whole call', 'add(f"Days: {¦}")', 'len(lines)}")', 'len(lines)'],
    ['another quote in it', 'add(f"Days: {¦}")', "a['b']", "a['b']"],
  ])('ends where the quote goes on: %s', (_, code, text, wanted) => {
    expect(shown(code, text)).toBe(wanted);
  });

  it.each([
    ['a plain quote', 'add("Days: ¦")', '{', '{'],
    ['a doubled brace', 'add(f"Days: ¦")', '{{ lines', '{{ lines'],
    ['a quote around braces', 'add(¦)', 'f"a {b} c"', 'f"a {b} c"'],
    ['code that its line does not close', 'x = [\n  ¦\n]', 'f"{a"\n  b\n', 'f"{a"\n  b'],
  ])('is told from text: %s', (_, code, text, wanted) => {
    expect(shown(code, text)).toBe(wanted);
  });
});
