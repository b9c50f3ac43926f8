import { describe, expect, it } from 'vitest';
import { openResult } from '../../../test/fixtures/open-result.ts';
import type { Answer } from '../../protocol/answer.ts';
import {
  answerOutput,
  answerResult,
  memoryOutput,
  memoryResult,
  passagesOutput,
  passagesResult,
} from './results.ts';

const answer: Answer = {
  ...{ question: 'What is A?', kind: 'text', answer: '5\u001b[2J', stopReason: 'end' },
  passages: [],
  citations: [{ path: 'a\u202e.ts', line: 3 }],
  mentions: [],
  unknownNames: ['B'],
  recalled: [{ path: 'a\u202e.ts', fromLine: 1, toLine: 4, tokens: 9, signal: 'both' }],
  ...{ recalledShare: 0.1, attended: 'recalled', promptTokens: 9, reusedTokens: 0 },
  ...{ earlierTurns: 0, seenTurns: 0 },
  ...{ outputTokens: 1, firstTokenMs: 1, tokensPerSecond: 1 },
  notices: ['a.ts has changed since the repository was read.'],
};
const passages: Answer = {
  ...answer,
  kind: 'passages',
  answer: 'Here is where I would look:',
  passages: [{ path: 'a.ts', fromLine: 2, toLine: 3, line: 3, text: '\tone\n\u200btwo' }],
};

describe('an answer', () => {
  it('has its sources, what was looked up and notices, with nothing unseen', () => {
    const { text, data } = answerResult(answer);
    expect(text).toBe(
      [
        '5\\u001b[2J',
        '',
        'Source: a\\u202e.ts:3',
        'Looked up: a\\u202e.ts:1-4',
        '',
        '`B` does not occur in what was read.',
        'a.ts has changed since the repository was read.',
        '',
      ].join('\n'),
    );
    expect(answerOutput.parse(data)).toEqual(data);
    expect(data.lookedUp).toEqual([{ path: 'a\\u202e.ts', fromLine: 1, toLine: 4 }]);
  });

  it('says where it was stopped because it repeated itself', () => {
    const { data } = answerResult({ ...answer, stopReason: 'repetition' });
    expect(data.notices).toContain('The answer began to repeat itself and was stopped.');
  });

  it('is its passages where the model wrote nothing', () => {
    const { text, data } = answerResult(passages);
    expect(text).toContain('a.ts:3\n  2  \tone\n> 3  \\u200btwo\n');
    expect(answerOutput.parse(data)).toEqual(data);
  });
});

it('gives passages as they stand, but for what cannot be seen', () => {
  const { data } = passagesResult(passages);
  expect(passagesOutput.parse(data)).toEqual(data);
  expect(data.passages[0]?.text).toBe('\tone\n\\u200btwo');
});

describe('the list of the memory', () => {
  const files = Array.from({ length: 700 }, (_, index) => ({
    path: `${index < 600 ? 'src' : 'srcs'}/f${String(index)}.ts`,
    tokens: 10,
    kept: 0.25,
  }));
  const opened = { ...openResult({ complete: true }), files };

  it('lists the first and counts the rest', () => {
    const { text, data } = memoryResult(opened, '');
    expect(memoryOutput.parse(data)).toEqual(data);
    expect(data).toMatchObject({ totalFiles: 700, omittedFiles: 200 });
    expect(data.files.length).toBe(500);
    expect(text).toContain('src/f0.ts  10 tokens, 25 % remembered\n');
    expect(text).toContain('200 more files not listed: name a folder.\n');
  });

  it.each(['srcs', 'srcs/', 'srcs\\', 'srcs//'])('takes a folder as %s', (folder) => {
    const { data } = memoryResult(opened, folder);
    expect(data).toMatchObject({ totalFiles: 100, omittedFiles: 0 });
    expect(data.files.every(({ path }) => path.startsWith('srcs/'))).toBe(true);
  });

  it('has nothing of a folder that was not read', () => {
    expect(memoryResult(opened, '../src').data.files).toEqual([]);
  });
});
