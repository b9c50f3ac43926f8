import { describe, expect, it } from 'vitest';
import { jsonText, plainLine, visibleName, visibleText } from './plain-text.ts';

const hostile = 'a\u001b[31m\u0007\u009b1m\u202eb\u200b\u2066\ufeff\u007f';

describe('plainLine', () => {
  it('is one line without anything that cannot be seen', () => {
    expect(plainLine(hostile)).toBe('a\uFFFD[31m\uFFFD\uFFFD1m\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFD');
    expect(plainLine(' a\r\nb\tc\u2028d\ud800 ')).toBe('a b c d\uFFFD');
    expect(plainLine('é 日本 😀')).toBe('é 日本 😀');
  });

  it('is clipped by characters, however long the text', () => {
    expect(plainLine('😀'.repeat(10), 10)).toBe('😀'.repeat(10));
    expect(plainLine('😀'.repeat(11), 10)).toBe(`${'😀'.repeat(10)}…`);
    expect(plainLine('x'.repeat(10_000_000))).toBe(`${'x'.repeat(300)}…`);
  });
});

describe('visibleText', () => {
  it('writes out what a terminal acts on, and leaves text alone', () => {
    expect(visibleText(hostile)).toBe(
      'a\\u001b[31m\\u0007\\u009b1m\\u202eb\\u200b\\u2066\\ufeff\\u007f',
    );
    const text = 'if (a) {\n\tb();\r\n}\n می‌خواهم 👩‍💻';
    expect(visibleText(text)).toBe(text.replace('\r\n', '\n'));
    expect(visibleText('100 %\rdone')).toBe('100 %\\u000ddone');
  });
});

describe('visibleName', () => {
  it('keeps a name on one line', () => {
    expect(visibleName('a\nb\t\u{e0041}.ts')).toBe('a\\u000ab\\u0009\\u{e0041}.ts');
  });
});

describe('jsonText', () => {
  it('escapes what cannot be seen, and means the same', () => {
    const value = { [hostile]: ['a\nb', '\u{e0041}', '\ud800', 'é 😀'] };
    const text = jsonText(value);
    expect(text).toMatch(/^[^\p{Cf}]*$/u);
    expect(text.replaceAll('\n', '')).toMatch(/^\P{Cc}*$/u);
    expect(text).toContain('"é 😀"');
    expect(JSON.parse(text)).toEqual(value);
  });
});
