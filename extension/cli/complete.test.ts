import { describe, expect, it } from 'vitest';
import { decodeText } from '../repository/files/text-encoding.ts';
import { splitAt } from './complete.ts';
import { UsageError } from './usage-error.ts';

describe('splitAt', () => {
  const content = 'first\nsecond\n';

  it.each([
    [1, 1, '', content],
    [1, 3, 'fi', 'rst\nsecond\n'],
    [1, 6, 'first', '\nsecond\n'],
    [2, 7, 'first\nsecond', '\n'],
    [3, 1, content, ''],
  ])('line %d, column %d', (line, column, prefix, suffix) => {
    expect(splitAt(content, line, column)).toEqual({ prefix, suffix });
  });

  it('counts as the editor does: UTF-16 units, a tab is one', () => {
    expect(splitAt('\tx = 1;', 1, 2)).toEqual({ prefix: '\t', suffix: 'x = 1;' });
    expect(splitAt('é = 1;', 1, 2)).toEqual({ prefix: 'é', suffix: ' = 1;' });
    expect(splitAt('"😀" + x', 1, 5)).toEqual({ prefix: '"😀"', suffix: ' + x' });
    // Never inside a character.
    expect(splitAt('"😀" + x', 1, 3)).toEqual({ prefix: '"', suffix: '😀" + x' });
    expect(splitAt('😀', 1, 1)).toEqual({ prefix: '', suffix: '😀' });
    expect(splitAt('😀😀', 1, 3)).toEqual({ prefix: '😀', suffix: '😀' });
  });

  it('refuses a place that the file does not have', () => {
    expect(() => splitAt(content, 4, 1)).toThrow(
      new UsageError('--line is 4, but the file has 3 lines.'),
    );
    expect(() => splitAt('', 2, 1)).toThrow(
      new UsageError('--line is 2, but the file has 1 line.'),
    );
    expect(() => splitAt(content, 1, 7)).toThrow(
      new UsageError('--column is 7, but line 1 has columns 1 to 6.'),
    );
    expect(() => splitAt('', 1, 2)).toThrow(UsageError);
  });

  it('is the same however the file is stored', () => {
    const text = 'const é = 1;\n\tuse(é);\n';
    const stored = {
      'as it is': Buffer.from(text),
      'CR LF': Buffer.from(text.replaceAll('\n', '\r\n')),
      CR: Buffer.from(text.replaceAll('\n', '\r')),
      'with a mark': Buffer.from(`\ufeff${text}`),
      'UTF-16 LE': Buffer.from(`\ufeff${text}`, 'utf16le'),
      'UTF-16 BE': Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
    };
    const expected = splitAt(text, 2, 6);
    expect(expected.prefix).toBe('const é = 1;\n\tuse(');
    for (const [name, bytes] of Object.entries(stored)) {
      expect(splitAt(decodeText(bytes), 2, 6), name).toEqual(expected);
    }
  });
});
