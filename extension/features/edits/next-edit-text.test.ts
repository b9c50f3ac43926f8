import { expect, it } from 'vitest';
import { linesAround, withChange } from './next-edit-text.ts';
import type { LinedDocument } from './next-edit-text.ts';

function documentOf(text: string): LinedDocument {
  const lines = text.split('\n');
  return { lineCount: lines.length, lineAt: (line) => ({ text: lines[line] ?? '' }) };
}

it('takes whole lines around the cursor', () => {
  expect(linesAround(documentOf('a\nbc\nd'), { line: 1, character: 1 })).toEqual({
    line: 1,
    prefix: 'a\nb',
    suffix: 'c\nd',
  });
  const long = 'x'.repeat(1_000_000);
  expect(linesAround(documentOf(`${long}\nbc\n${long}`), { line: 1, character: 0 })).toEqual({
    line: 2,
    prefix: '',
    suffix: 'bc',
  });
  expect(linesAround(documentOf(`a\n${long}`), { line: 1, character: 5 })).toBe(null);
  const many = linesAround(documentOf('0123456789\n'.repeat(9_000)), { line: 4_000, character: 0 });
  expect(many?.line).toBe(3_881);
  expect(many?.suffix.split('\n')).toHaveLength(121);
});

it.each([
  ['a\nb\nc', { line: 2, count: 1, lines: ['B', 'BB'] }, '\n', 'a\nB\nBB\nc'],
  ['a\r\nb\r\n', { line: 1, count: 2, lines: ['x'] }, '\r\n', 'x\r\n'],
  ['a\nb', { line: 2, count: 0, lines: ['x'] }, '\n', 'a\nx\nb'],
  ['a\nb', { line: 2, count: 1, lines: [] }, '\n', 'a'],
  ['a\nb', { line: 2, count: 2, lines: [] }, '\n', null],
])('puts a change in %j', (text, change, eol, expected) => {
  expect(withChange(text, change, eol)).toBe(expected);
});
