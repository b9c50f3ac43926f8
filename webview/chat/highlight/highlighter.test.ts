import { describe, expect, it } from 'vitest';
import { Random } from '../../../test/quality/generator/random.ts';
import { Highlighter } from './highlighter.ts';
import { languageOf } from './languages.ts';
import type { Language } from './languages.ts';

const names =
  'ts js json py go rs c cpp java c# kt scala dart objc vue xml css scss less sh yaml sql md php rb toml diff'.split(
    ' ',
  );

function known(name: string): Language {
  const language = languageOf(name);
  if (language === null) throw new Error(`${name} is not known.`);
  return language;
}

/** Marks the tokens of code: `keyword:def plain`. */
function marked(name: string, code: string): string[] {
  const highlighter = new Highlighter(known(name));
  return code
    .split('\n')
    .flatMap((line) => highlighter.next(line))
    .flatMap(({ kind, text }) => (kind === null ? [] : [`${kind} ${text}`]));
}

it.each([
  [
    'ts',
    "const a: string = 'x'; // c",
    ['keyword const', 'function a', 'type string', "string 'x'", 'comment // c'],
  ],
  [
    'python',
    'def f(x):\n  """a\n  b"""\n  return None',
    ['keyword def', 'function f', 'string """a', 'string   b"""', 'keyword return', 'keyword None'],
  ],
  ['json', '{"a": [1, true]}', ['string "a"', 'number 1', 'atom true']],
  [
    'vue',
    '<script>\nlet a = 1; // </script>\n<p>let</p>',
    [
      'keyword script',
      'keyword let',
      'function a',
      'number 1',
      'comment // ',
      'keyword script',
      'keyword p',
      'keyword p',
    ],
  ],
  [
    'html',
    '<style>\n.a { top: 1px }\n</style>let',
    ['keyword style', 'type .a', 'number 1px', 'keyword style'],
  ],
  [
    'php',
    '<?php\nfunction f($if) { # if\n  return "a"; }',
    ['atom <?php', 'keyword function', 'comment # if', 'keyword return', 'string "a"'],
  ],
  ['md', '# T\n```ts\n# x\n```\na `b`', ['keyword # T', 'atom ```ts', 'atom ```', 'string `b`']],
  ['ts', '/* a\n\nb */ let', ['comment /* a', 'comment b */', 'keyword let']],
])('knows the tokens of %s: %j', (name, code, tokens) => {
  expect(marked(name, code)).toEqual(tokens);
});

it.each([
  ['ts src/a.ts', 'ts'],
  ['TypeScript:src/a.ts', 'ts'],
  ['{.python}', 'py'],
  ['src/lib/a.rs', 'rs'],
  ['C++', 'cpp'],
])('takes the fence %j for %s', (info, name) => {
  expect(languageOf(info)).toBe(known(name));
});

it.each(['', 'text', 'brainfuck', 'a b', 'constructor', '__proto__', '.'])(
  'knows no language named %j',
  (info) => {
    expect(languageOf(info)).toBeNull();
  },
);

/** Texts that open what they do not close, or make parsers look far ahead. */
const units = [
  ...['(', '<', '{', '[', '`', '"', "'", '/', '\\', '#', '$', '@', '=', '*', '-', '<!--', '<a '],
  ...[
    '/*',
    '`${',
    '"\\',
    'a(',
    'a<',
    '<<A',
    '$(',
    '#{',
    '%q(',
    'r#"',
    '[[',
    '{{',
    '<script>',
    '=>',
  ],
  ...[
    'let a,',
    'def ',
    'function f(',
    'a ',
    '0x',
    '1.',
    '😀',
    '\ud800',
    '\u0000',
    '\u202e',
    '/a',
    '|',
  ],
];

/** The parser of styles keeps something outside of its state, so broken text differs by a colour. */
const forgetful = ['css', 'scss', 'less', 'vue'];

describe.each(names)('any text as %s', (name) => {
  it('stays to the letter, and as it is written', () => {
    const random = new Random(7);
    for (let text = 0; text < 30; text++) {
      const whole = new Highlighter(known(name));
      const written = new Highlighter(known(name));
      for (let line = 0; line < 12; line++) {
        const parts = Array.from({ length: random.integer(0, 12) }, () => random.pick(units));
        const code = parts.join(random.chance(0.5) ? ' ' : '');
        for (let end = 1; end < code.length; end += 3) {
          const shown = written.peek(code.slice(0, end));
          expect(shown.map((token) => token.text).join('')).toBe(code.slice(0, end));
        }
        const tokens = whole.next(code);
        expect(tokens.map((token) => token.text).join('')).toBe(code);
        const later = written.next(code);
        if (!forgetful.includes(name)) expect(later).toEqual(tokens);
        expect(later.map((token) => token.text).join('')).toBe(code);
        for (const { text } of tokens) expect(text).not.toMatch(/^[\udc00-\udfff]/u);
      }
    }
  });

  it('takes little time', () => {
    const begun = performance.now();
    for (const unit of units) {
      const highlighter = new Highlighter(known(name));
      // Lines that are just short enough, then one of a megabyte.
      for (let line = 0; line < 6; line++) highlighter.next(unit.repeat(1_000 / unit.length));
      const long = unit.repeat(1e6 / unit.length);
      expect(highlighter.next(long)).toEqual([{ text: long, kind: null }]);
    }
    expect(performance.now() - begun).toBeLessThan(60_000);
  });
});
