import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../extension/protocol/answer.ts';
import type { QuestionWeight } from '../../extension/protocol/requests/weigh-question.ts';
import { mentionsFor, weighQuestion } from '../../extension/engine/answering/marked-question.ts';
import type { AskParameters } from '../../extension/protocol/requests/ask.ts';
import { asking, never, opening, startEngine } from './support/engine.ts';
import { folderOf } from './support/folders.ts';

const { session } = await startEngine();
const long = Array.from({ length: 400 }, (_, i) => `ROW_${String(i)} = ${String(i * 7)};`);
const root = await folderOf({
  'src/retry.ts':
    '// How often.\nexport const LIMIT = 3;\n\nexport function retry(times) {\n  return times;\n}\n',
  'src/long.ts': `${long.join('\n')}\n`,
  'my notes/to do.md': 'Rename the limit.\r\nThen test it.\r\n',
  'ソース/設定.ts': 'export const 上限 = 5;\n',
});

beforeAll(async () => {
  await session.open(opening(root, { budget: { unit: 'percent', value: 100 } }), never);
});

function ask(question: string, more: Partial<AskParameters> = {}): Promise<Answer> {
  return session.ask(asking(question, { maxTokens: 4, ...more }), () => undefined, never);
}

function spansOf({ recalled }: Answer): unknown[] {
  return recalled
    .filter(({ signal }) => signal === 'mention')
    .map(({ path, fromLine, toLine }) => `${path}:${String(fromLine)}-${String(toLine)}`);
}

it('suggests what was read, and weighs what is named', async () => {
  const texts = session.glance((held) => mentionsFor(held, 're')).map(({ text }) => text);
  expect(texts).toEqual(['retry', 'src/retry.ts']);
  const weigh = (question: string): Promise<QuestionWeight> =>
    session.look(never, (held) => weighQuestion(held, { question }, never));
  const plain = await weigh('What is src/retry.ts for?');
  const named = await weigh('What is @src/retry.ts for?');
  expect(plain.mentionedTokens).toBe(0);
  expect(named.questionTokens).toBe(plain.questionTokens);
  const { recalled } = await ask('What is @src/retry.ts for?');
  expect(named.mentionedTokens).toBe(recalled[0]?.tokens);
  expect(named.notices).toEqual([]);
  expect((await weigh('What is @src/long.ts for?')).notices).toHaveLength(1);
});

describe('a question with mentions', () => {
  it.each([
    ['@src/retry.ts', ['src/retry.ts:1-6']],
    ['@src/retry.ts:2', ['src/retry.ts:2-2']],
    ['@"my notes/to do.md"', ['my notes/to do.md:1-2']],
    ['@ソース/設定.ts', ['ソース/設定.ts:1-1']],
    ['@retry', ['src/retry.ts:4-6']],
    ['@上限', ['ソース/設定.ts:1-1']],
    ['@ソース/', ['ソース/設定.ts:1-1']],
  ])('has %s read again', async (mention, spans) => {
    const question = `What is ${mention} for?`;
    for (const recall of ['both', 'off'] as const) {
      const answer = await ask(question, { recall });
      expect(spansOf(answer)).toEqual(spans);
      expect(answer.recalled[0]?.signal).toBe('mention');
      expect(answer.question).toBe(question);
      expect(answer.unknownNames).toEqual([]);
    }
  });

  it('reads what an editor shows in place of the file', async () => {
    const documents = [{ path: 'src/retry.ts', text: 'function retry() {}\n' }];
    expect(spansOf(await ask('What does @retry do?', { documents }))).toEqual(['src/retry.ts:1-1']);
  });

  it('says what does not fit', async () => {
    const answer = await ask('What is @src/long.ts for?');
    const [span] = answer.recalled;
    expect(span).toMatchObject({ path: 'src/long.ts', fromLine: 1, signal: 'mention' });
    expect(answer.notices).toContain(
      `src/long.ts:1-400 does not fit in the working set: lines 1-${String(span?.toLine)} were read again. A higher loci.workingTokens makes room for more.`,
    );
  });

  it('finds its room in a conversation, too', async () => {
    const question = 'What is @src/long.ts for?';
    const first = await ask(question);
    const history = [{ question, answer: first.answer }];
    const second = await ask('And @src/retry.ts?', { history });
    expect(spansOf(second)).toEqual(['src/retry.ts:1-6']);
  });

  it('is answered with passages from there where the model writes nothing', async () => {
    const { passages } = await ask('Explain @retry and @src/long.ts:300', { mode: 'passages' });
    expect(passages.slice(0, 2).map(({ path, line }) => `${path}:${String(line)}`)).toEqual([
      'src/retry.ts:4',
      'src/long.ts:300',
    ]);
  });
});
