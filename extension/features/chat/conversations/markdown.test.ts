import { expect, it } from 'vitest';
import { answerOf } from '../../../../test/fixtures/answer.ts';
import type { Turn } from '../../../protocol/webview.ts';
import { conversationMarkdown } from './markdown.ts';

function done(question: string, answer: string, change: object = {}): Turn {
  const result = { ...answerOf(answer), ...change };
  return { id: 1, question, answer, status: { kind: 'done', result } };
}

it('quotes questions, and keeps answers with their sources', () => {
  const turns = [
    done('What is `MAX`?\n# Really?', 'It is **5**.', {
      citations: [{ path: 'src/a.ts', line: 3 }],
    }),
    done('And?', '', { stopReason: 'cancelled' }),
  ];
  expect(conversationMarkdown('What *is* it?', turns)).toBe(
    [
      '# What \\*is\\* it?',
      '## Question 1',
      '> What is `MAX`?\n> # Really?',
      'It is **5**.',
      'Sources: `src/a.ts:3`',
      '## Question 2',
      '> And?',
      '*Stopped.*\n',
    ].join('\n\n'),
  );
});

it('shows passages as code, whatever they contain', () => {
  const passage = { path: 'a`b.md', fromLine: 1, toLine: 3, line: 2, text: '```ts\nx\n```\n' };
  const text = conversationMarkdown('T', [
    done('Q', 'Here:', { kind: 'passages', passages: [passage] }),
  ]);
  expect(text).toContain('``a`b.md:1-3``\n\n````\n```ts\nx\n```\n````\n');
});

it.each([
  ['```ts\nconst a', '```ts\nconst a\n```'],
  ['~~~~\n~~~\nx', '~~~~\n~~~\nx\n~~~~'],
  ['```ts\na\n```\nend', '```ts\na\n```\nend'],
  ['```a`b', '```a`b'],
])('closes a block that an answer left open: %j', (answer, closed) => {
  const turn: Turn = { id: 1, question: 'Q', answer, status: { kind: 'stopped' } };
  expect(conversationMarkdown('T', [turn])).toBe(
    `# T\n\n## Question 1\n\n> Q\n\n${closed}\n\n*Stopped.*\n`,
  );
});

it('says why a question has no answer', () => {
  const failed: Turn = {
    id: 1,
    question: 'Q',
    answer: '',
    status: { kind: 'failed', message: 'It *broke*.' },
  };
  expect(conversationMarkdown('T', [failed])).toContain('*Failed: It \\*broke\\*.*');
  expect(conversationMarkdown('T', [done('Q', '')])).toContain('*The answer is empty.*');
});
