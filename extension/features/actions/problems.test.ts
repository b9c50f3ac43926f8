import { describe, expect, it } from 'vitest';
import { describeProblems, linesAround } from './problems.ts';

function at(from: number, to = from): { start: { line: number }; end: { line: number } } {
  return { start: { line: from }, end: { line: to } };
}

describe('describeProblems', () => {
  it('has a line for each, with its place and who says so', () => {
    const problems = [
      { message: "Type 'a' is\r\n  not 'b'.", range: at(4), source: 'ts' },
      { message: ' Unused. ', range: at(9, 12) },
    ];
    expect(describeProblems(problems)).toBe("Line 5 (ts): Type 'a' is not 'b'.\nLine 10: Unused.");
  });

  it('stays short', () => {
    const problems = Array.from({ length: 50 }, (_, i) => ({
      message: 'x'.repeat(10_000),
      range: at(i),
    }));
    expect(describeProblems(problems).length).toBeLessThan(2_700);
    expect(describeProblems([])).toBe('');
  });
});

describe('linesAround', () => {
  it('takes in all ranges and what is near, within the file', () => {
    expect(linesAround([at(10), at(14, 16)], 100)).toEqual({ from: 5, to: 21 });
    expect(linesAround([at(0)], 3)).toEqual({ from: 0, to: 2 });
  });
});
