import { describe, expect, it } from 'vitest';
import type { Mention } from '../../extension/protocol/answer.ts';
import { Mentions } from './mentions.ts';
import { fastestMs } from '../../test/tools/fastest.ts';

/** Makes mentions from their spelling: `path`, `path:line` or `path:from-to`. */
function mentionsOf(...texts: readonly string[]): Mentions {
  return new Mentions(texts.map(mentionOf));
}

function mentionOf(text: string): Mention {
  const lines = /:(\d+)(?:-(\d+))?$/u.exec(text);
  const fromLine = lines?.[1] === undefined ? null : Number(lines[1]);
  const toLine = lines?.[2] === undefined ? fromLine : Number(lines[2]);
  return { text, path: text.replace(/:[\d-]+$/u, ''), fromLine, toLine };
}

/** The spellings that became links. */
function linked(text: string, mentions: Mentions, whole = false): string[] {
  return mentions
    .split(text, whole)
    .flatMap((segment) => (typeof segment === 'string' ? [] : [segment.text]));
}

describe('Mentions', () => {
  it('finds spellings, the longest at each place', () => {
    const mentions = mentionsOf('src/a.ts', 'src/a.ts:12', 'src/a.tsx', 'src/a.ts:3-9');
    expect(mentions.split('See src/a.ts:12 and src/a.ts:3-9, or src/a.tsx.', false)).toEqual([
      'See ',
      { text: 'src/a.ts:12', reference: { path: 'src/a.ts', fromLine: 12, toLine: 12 } },
      ' and ',
      { text: 'src/a.ts:3-9', reference: { path: 'src/a.ts', fromLine: 3, toLine: 9 } },
      ', or ',
      { text: 'src/a.tsx', reference: { path: 'src/a.tsx', fromLine: null, toLine: null } },
      '.',
    ]);
  });

  it.each([
    'src/retry-policy.js',
    'src/retry-policy.js:3',
    'app/[id]/page.tsx:3',
    'my dir/util.ts:4',
    '"my dir/util.ts":4',
    "'my dir/util.ts':4",
    'app/(shop)/cart.ts:2',
    '(shop)/cart.ts:2',
    'src/$lib/a.ts:2',
    '$lib/a.ts',
    'src\\util.ts:4',
    'C:\\work\\src\\util.ts',
    'Makefile:2',
    'Makefile',
    'café/été.ts:2',
    'cafe\u0301/e\u0301te\u0301.ts:2',
    'документы/файл.py:7',
    '資料/設定.ts:1',
    '\u{1f600}/smile.ts',
    'a%20b.ts:2',
    './dir/util.ts:2',
    '../dir/util.ts:2',
    'dir/util.ts#L3',
    'dir/util.ts#L3-L9',
    'dir/util.ts(4)',
    '@dir/util.ts',
    'lib/c++/x (1).ts',
    'src/c#.ts',
    '.env.example',
    'a+b{c}|d^e.ts',
    'a*b?.ts',
    'a\\d+.ts',
    'a b\u00a0c.ts',
    'עברית/קובץ.ts:3',
    'a\u202eb.ts',
    '__init__.py',
    'x\0y.ts',
  ])('takes %j to the letter, with any boundary around it', (text) => {
    const mentions = mentionsOf(text);
    expect(linked(text, mentions)).toEqual([text]);
    expect(linked(`(${text}), [${text}] and ${text}.`, mentions)).toEqual([text, text, text]);
    expect(linked(`${text}\n${text};`, mentions)).toEqual([text, text]);
    expect(linked(`it’s in ${text}, see path=${text}`, mentions)).toEqual([text, text]);
  });

  it.each([
    ['a.ts', 'éa.ts'],
    ['a.ts', 'e\u0301a.ts'],
    ['a.ts:3', 'src\\a.ts:3'],
    ['a.ts', 'src/a.ts'],
    ['a.ts', 'ba.ts'],
    ['a.ts', '\u{1d400}a.ts'],
    ['a.ts', '日本a.ts'],
    ['a.ts', 'x.a.ts'],
    ['a.ts', '-a.ts'],
    ['src/a.ts', '../src/a.ts'],
    ['src/a.ts', 'src/a.ts-old'],
    ['src/a.ts', 'src/a.tsb'],
    ['src/a.ts', 'src/a.ts.bak'],
    ['src/a.ts', 'src/a.ts/x'],
    ['src/a.ts', 'src/a.ts\u0301'],
    ['src/a.ts:1', 'src/a.ts:12'],
    ['src/a.ts:1', 'src/a.ts:1-9'],
    ['src/a.ts', 'src/b.ts'],
    ['src/c', 'src/c#.ts'],
    ['(shop)/cart.ts', 'app/(shop)/cart.ts'],
    ['[id]/page.tsx', 'app/[id]/page.tsx'],
    ['run', 'You can run it.'],
    ['data', 'data'],
  ])('leaves %j alone in %j', (text, answer) => {
    expect(linked(answer, mentionsOf(text))).toEqual([]);
  });

  it('links a plain word where it stands alone in quotes of code', () => {
    expect(linked('run', mentionsOf('run'), true)).toEqual(['run']);
    expect(linked('run it', mentionsOf('run'), true)).toEqual([]);
  });

  it('finds what stood in backticks', () => {
    expect(linked('src/a.ts', mentionsOf('`src/a.ts`:12'), true)).toEqual(['src/a.ts']);
    expect(linked('see `src/a.ts`:12', mentionsOf('`src/a.ts`:12'))).toEqual(['`src/a.ts`:12']);
  });

  it('needs nothing', () => {
    expect(mentionsOf().split('src/a.ts', false)).toEqual(['src/a.ts']);
    expect(mentionsOf('src/a.ts').split('', false)).toEqual([]);
  });

  it.each([
    ['.', '....'],
    ['a', 'a.a.a'],
    ['a ', 'a a a b'],
    ['src/', 'src/src/src/a.ts'],
  ])('takes milliseconds for much of %j', (unit, spelling) => {
    const text = unit.repeat(100_000 / unit.length);
    const long = `${unit.repeat(400)}b`;
    const milliseconds = fastestMs(1500, () => {
      mentionsOf(spelling, long).split(text, false);
    });
    expect(milliseconds).toBeLessThan(1500);
  });
});
