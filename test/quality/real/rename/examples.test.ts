/** Shows by example what changes and what stays. */
import { describe, expect, it } from 'vitest';
import { Numbers } from './numbers.ts';
import { renameRepository } from './rename.ts';
import { replaceWords } from './words.ts';

const rename = (
  text: string,
  file = 'src/a.ts',
): { text: string; map: (name: string) => string } => {
  const { files, words } = renameRepository(new Map([[file, text]]), { seed: 3, name: 'gadget' });
  const map = (name: string): string => replaceWords(name, words);
  return { text: [...files.values()].join(''), map };
};

describe('names', () => {
  const words = new Map([
    ['user', 'plum'],
    ['name', 'stone'],
    ['http', 'oak'],
  ]);

  it.each([
    ['userName', 'plumStone'],
    ['UserName', 'PlumStone'],
    ['user_name', 'plum_stone'],
    ['USER_NAME', 'PLUM_STONE'],
    ['__user_name2', '__plum_stone2'],
    ['$userName$', '$plumStone$'],
    ['HTTPUser', 'OAKPlum'],
    ['user2name', 'plum2stone'],
    ['aUser', 'aPlum'],
    ['other', 'other'],
  ])('%s keeps its style: %s', (name, expected) => {
    expect(replaceWords(name, words)).toBe(expected);
  });

  it.each([
    [
      'keywords',
      'export async function* frobnicate(): AsyncGenerator<void> | AsyncIterable<void> { yield; }',
    ],
    ['members of builtins', 'export const frobnicate = [1].map(String).join("").length;'],
    [
      'globals that are members too',
      'class frobnicate { clearTimeout() { clearTimeout(0); new URLSearchParams(""); } }',
    ],
    ['meta-properties', 'function frobnicate() { new.target; import.meta; }'],
    ['globals', 'export const frobnicate = JSON.stringify(Math.max(1, globalThis.Infinity));'],
    ['names from other packages', "import { readIt, ext as frobnicate } from 'pkg'; readIt();"],
    ['names of packages', "import frobnicate2 from 'frobnicate-pkg'; frobnicate2();"],
    ['required names', "const { readIt: frobnicate } = require('pkg'); frobnicate();"],
    ['members of Node.js', 'frobnicate.createReadStream(process.env).setEncoding();'],
    ['members of pages', 'frobnicate.addEventListener(document.createElement());'],
  ])('leaves %s', (_, text) => {
    const result = rename(text);
    const expected = text.replaceAll(/frobnicate(?![\d-])/gu, result.map('frobnicate'));
    expect(result.text).toBe(expected);
  });

  it('renames a name of a browser or Node.js that the repository declares', () => {
    const text = 'interface Door { scrollIntoView: 1 }\ndoor.scrollIntoView;\n';
    expect(rename(text).text).not.toContain('scrollIntoView');
    expect(rename('door.scrollIntoView;\n').text).toContain('scrollIntoView');
  });
});

describe('strings, comments and expressions', () => {
  it('renames words of strings alike, escapes and English between them aside', () => {
    const { text, map } = rename("const frobnicate = 'no \\nfrobnicate of \\u0041lpha';\n");
    const name = map('frobnicate');
    expect(text).toBe(`const ${name} = 'no \\n${name} of \\u0041${map('lpha')}';\n`);
  });

  it.each(['\\n', '\\t', '\\x41', '\\u0041', '\\U00000041', '\\101', '\\\\', '\\N{DIGIT ONE}'])(
    'takes the escape %s for one and reads on behind it',
    (escape) => {
      const { text, map } = rename(`frob = f"${escape}{frob}"\n`, 'a.py');
      expect(text).toBe(`${map('frob')} = f"${escape}{${map('frob')}}"\n`);
    },
  );

  it('renames what templates hold, text and code', () => {
    const { text, map } = rename('const frob = `frob ${frob} frobs`;\n');
    expect(text).toBe(
      `const ${map('frob')} = \`${map('frob')} \${${map('frob')}} ${map('frobs')}\`;\n`,
    );
    expect(map('frob')).not.toBe('frob');
  });

  it('changes in comments only what the code says, and the name of the package', () => {
    const { text, map } = rename(
      '/** Some frob of Gadget, gadgets by hand. */\nconst frob = 1; // frob\n',
    );
    const name = map('frob');
    expect(text).toBe(
      `/** Some ${name} of ${map('Gadget')}, ${map('gadgets')} by hand. */\nconst ${name} = 1; // ${name}\n`,
    );
    expect(map('gadgets')).not.toBe('gadgets');
  });

  it('keeps regular expressions expressions: escapes, classes and flags', () => {
    const { text, map } = rename('const frob = /^(?<frob>[a-f]\\d+|frob)$/giu;\n');
    const name = map('frob');
    expect(text).toBe(`const ${name} = /^(?<${name}>[a-f]\\d+|${name})$/giu;\n`);
    expect(rename("re = r'[A-Za-z0-9]+frob'\n", 'a.py').text).toContain('[A-Za-z0-9]+');
  });

  it('keeps what is no comment, and the directive', () => {
    const text = "'use strict';\nconst a = 4 / 2; const b = 'http://x'; const c = /\\/\\//;\n";
    expect(rename(text).text).toBe(text);
  });
});

describe('Python', () => {
  it.each([
    ['keywords and builtins', 'def frob(self):\n    return len(str(None)) or print\n'],
    ['members of builtins', "frob = [1].append('') or {}.items()\n"],
    ['dunders', 'class A:\n    def __init__(self): self.__dict__\n    __slots__ = ()\n'],
    ['names from other modules', 'from frobs.a import (readit, b as frob)\nreadit()\n'],
    ['modules', 'import frobs.a as frob, os.path\nfrobs.a\n'],
  ])('leaves %s', (_, text) => {
    const result = rename(text, 'a.py');
    expect(result.text).toBe(text.replaceAll(/frob(?!s)/gu, result.map('frob')));
  });

  it('renames modules of its own as their files', () => {
    const files = new Map([
      ['gadget/__init__.py', 'from ._frobs import Frob\nfrom gadget.deep.parts import Part\n'],
      ['gadget/_frobs.py', 'class Frob: ...\n'],
      ['gadget/deep/parts.py', 'Part = 1\n'],
    ]);
    const { files: renamed, words } = renameRepository(files, { seed: 1, name: 'gadget' });
    const map = (text: string): string => replaceWords(text, words);
    const top = map('gadget');
    expect([...renamed.keys()]).toEqual([
      `${top}/__init__.py`,
      `${top}/${map('_frobs')}.py`,
      `${top}/${map('deep')}/${map('parts')}.py`,
    ]);
    expect(renamed.get(`${top}/__init__.py`)).toBe(
      `from .${map('_frobs')} import ${map('Frob')}\nfrom ${top}.${map('deep')}.${map('parts')} import ${map('Part')}\n`,
    );
  });

  it('renames code within strings, and prose of docstrings only by the code', () => {
    const { text, map } = rename(
      'def frob():\n    """Some frob by hand."""\n    f"{frob!r} hand"\n',
      'a.py',
    );
    const name = map('frob');
    expect(text).toContain(`f"{${name}!r} ${map('hand')}"`);
    expect(text).toContain(`"""Some ${name} by ${map('hand')}."""`);
  });
});

describe('numbers', () => {
  it.each(['42', '1_000', '0xff', '0XA0', '0o17', '3.14', '0.25', '1234n', '12e10', '12j'])(
    'become others of their form: %s',
    (text) => {
      const other = new Numbers(1).literal(text);
      expect(other).not.toBe(text);
      const form = (number: string): string =>
        number.replace(/^0[xo]/iu, '').replaceAll(/[\da-f]/giu, '0');
      expect(form(other)).toBe(form(text));
      expect(
        other
          .slice(0, 2)
          .toLowerCase()
          .replaceAll(/[^0xo]/gu, ''),
      ).toBe(
        /^0[xo.]/iu.test(text)
          ? text.slice(0, 2).toLowerCase().replaceAll('.', '')
          : other.slice(0, 2).replaceAll(/[^0]/gu, ''),
      );
    },
  );

  it.each(['0', '7', '1.', '5n', '1e5', '0b1010'])('stay where they count or index: %s', (text) => {
    expect(new Numbers(1).literal(text)).toBe(text);
  });

  it('become the same in code and in strings, by seed', () => {
    const numbers = new Numbers(1);
    expect(numbers.literal('8192')).toBe(numbers.digits('8192'));
    expect(new Numbers(1).digits('8192')).toBe(numbers.digits('8192'));
    expect(new Numbers(2).digits('8192')).not.toBe(numbers.digits('8192'));
  });

  it('stay apart as long as there are enough', () => {
    const numbers = new Numbers(1);
    const all = Array.from({ length: 400 }, (_, index) => numbers.digits(String(1000 + index)));
    expect(new Set(all).size).toBe(400);
  });

  it('never begin with a zero that was not there', () => {
    const numbers = new Numbers(1);
    for (let value = 10; value < 100; value++) {
      expect(numbers.literal(String(value))).toMatch(/^[1-9]\d$/u);
    }
  });
});
