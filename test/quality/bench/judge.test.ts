import { describe, expect, it } from 'vitest';
import { judgeAnswer, judgeCopy } from './judge.ts';

describe('judgeAnswer', () => {
  it.each([
    [['4821'], '4821', 'right', 1],
    [['4821'], 'The value is `4821`.', 'right', 1],
    [['482'], '4821', 'wrong', 0],
    [['4821'], '', 'not-found', 0],
    [['4821'], 'It is not defined in the repository.', 'not-found', 0],
    [['4821'], 'Unknown to most, it is 4821.', 'right', 1],
    [['12', '34', '56'], '12, 56', 'wrong', 2 / 3],
    [['12', '34', '56'], '56, 34 and 12', 'right', 1],
    [['./a/b.c'], "from './a/b.c'", 'right', 1],
    [['./a/b.c'], './a/bxc', 'wrong', 0],
    [['@join/x'], '@join/xy', 'wrong', 0],
  ] as const)('expecting %j, "%s" is %s', (answers, answer, outcome, score) => {
    const verdict = judgeAnswer(answers, answer);
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.score).toBeCloseTo(score, 12);
  });
});

describe('judgeCopy', () => {
  it('tells exact, similar and blank apart', () => {
    expect(judgeCopy('  a(1);\n}\n', 'a(1);\n}')).toEqual({ outcome: 'right', score: 1 });
    expect(judgeCopy('abcd', 'abxd')).toEqual({ outcome: 'wrong', score: 0.75 });
    expect(judgeCopy('abcd', ' \n')).toEqual({ outcome: 'not-found', score: 0 });
  });
});
