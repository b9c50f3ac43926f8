import { describe, expect, it } from 'vitest';
import { splitAt } from './complete.ts';
import { UsageError } from './usage-error.ts';

describe('splitAt', () => {
  const content = 'first\r\nsecond\n';

  it.each([
    [1, 1, '', content],
    [1, 3, 'fi', 'rst\r\nsecond\n'],
    [1, 99, 'first', '\r\nsecond\n'],
    [2, 7, 'first\r\nsecond', '\n'],
    [3, 1, content, ''],
  ])('line %d, column %d', (line, column, prefix, suffix) => {
    expect(splitAt(content, line, column)).toEqual({ prefix, suffix });
  });

  it('refuses a line that the file does not have', () => {
    expect(() => splitAt(content, 4, 1)).toThrow(UsageError);
  });
});
