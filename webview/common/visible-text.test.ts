import { describe, expect, it } from 'vitest';
import { visibleParts, visibleText } from './visible-text.ts';

describe('visibleText', () => {
  it.each([
    ['a\0b', 'a␀b'],
    ['\u001b[31mred', '␛[31mred'],
    ['bell\u0007', 'bell␇'],
    ['\u007f', '␡'],
    ['\u0085', '[U+0085]'],
    ['if (x) {\u202e } ', 'if (x) {[U+202E] } '],
    ['\u2066a\u2069', '[U+2066]a[U+2069]'],
  ])('marks what is hidden in %j', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it.each([
    'a\tb\nc\r\n',
    'שלום, world',
    '\u{1f468}\u200d\u{1f469}',
    '\ud800 alone',
    '\ufeffx',
    '',
  ])('leaves %j alone', (text) => {
    expect(visibleText(text)).toBe(text);
  });

  it('tells marks from text', () => {
    expect(visibleParts('a\u202eb')).toEqual([
      { text: 'a', mark: false },
      { text: '[U+202E]', mark: true },
      { text: 'b', mark: false },
    ]);
    expect(visibleParts('')).toEqual([]);
  });

  it('has few parts, whatever the text', () => {
    expect(visibleParts('a\0'.repeat(500_000))).toEqual([
      { text: 'a␀'.repeat(500_000), mark: false },
    ]);
  });
});
