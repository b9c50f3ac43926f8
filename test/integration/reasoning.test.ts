/** Models whose templates let them reason before they answer: text without sense, in real marks. */

import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../../extension/engine/answering/ask.ts';
import type { Repository } from '../../extension/engine/memory/repository.ts';
import { bundledModelPath } from '../../extension/models/bundled.ts';
import type { Answer } from '../../extension/protocol/answer.ts';
import type { PastTurn } from '../../extension/protocol/requests/ask.ts';
import { BenchModel } from '../quality/bench/model.ts';
import type { GgufValue } from '../tools/gguf-writer.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { padTokenizer, readTokenizer } from '../tools/tokenizer-metadata.ts';
import { asking, never, testGpu } from './support/engine.ts';
import { holdFolder } from './support/hold-folder.ts';
import { folderOf, temporaryFolder } from './support/folders.ts';

const root = await folderOf({ 'src/limits.ts': 'export const retryLimit = 4821;\n' });
const folder = await temporaryFolder();
const vocabulary = 2056;
let bench: BenchModel | null = null;

afterEach(() => {
  bench?.dispose();
  bench = null;
});

/** A template with these marks, which opens the reasoning itself, and another text of its family's. */
const template = (open: string, close: string, other = ''): GgufValue => ({
  type: 'string',
  value:
    '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}' +
    `{# ${close} ${other} #}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n${open}\\n' }}{% endif %}`,
});

/** Control tokens for parts of the marks, in place of some that nothing uses. */
async function withControlTokens(marks: readonly string[]): Promise<Record<string, GgufValue>> {
  const padded = padTokenizer(await readTokenizer(bundledModelPath()), vocabulary);
  const [tokens, types] = ['tokens', 'token_type'].map((key) => padded[`tokenizer.ggml.${key}`]);
  if (tokens?.type !== 'strings' || types?.type !== 'int32s') throw new Error('No tokens.');
  return {
    'tokenizer.ggml.tokens': {
      ...tokens,
      value: [...tokens.value.slice(0, vocabulary - marks.length), ...marks],
    },
    'tokenizer.ggml.token_type': {
      ...types,
      value: [...types.value.slice(0, vocabulary - marks.length), ...marks.map(() => 3)],
    },
  };
}

/** The memory of such a model, which never ends by itself. */
async function memoryOf(changes: Record<string, GgufValue>): Promise<Repository> {
  const model = path.join(folder, 'reasoning.gguf');
  const shape = { ...shapes.brief, vocabulary, context: 8192, endless: true };
  await writeRandomModel(model, shape, 1, changes);
  bench = await BenchModel.load(model, testGpu, never);
  return holdFolder(bench, root, { policy: 'default' });
}

interface Heard {
  readonly answer: Answer;
  readonly reasoning: string;
  readonly text: string;
}

async function heard(
  repository: Repository,
  question: string,
  history: readonly PastTurn[] = [],
): Promise<Heard> {
  let [reasoning, text] = ['', ''];
  const parameters = {
    ...asking(question, { recall: 'identifiers', maxTokens: 24 }),
    ...{ history, temperature: 1, seed: 3 },
  };
  const answer = await ask(repository, parameters, {
    signal: never,
    onText: (piece, _, thought = '') => {
      // The answer begins when the reasoning has ended.
      if (thought !== '') expect(text).toBe('');
      text += piece;
      reasoning += thought;
    },
    askedAt: performance.now(),
  });
  return { answer, reasoning, text };
}

/** The marks of a family, those parts that are control tokens, and another text of its template. */
const families: readonly [string, string, readonly string[], string?][] = [
  ['<think>', '</think>', []],
  ['<think>', '</think>', [], '<response></response>'],
  ['[THINK]', '[/THINK]', ['[THINK]', '[/THINK]']],
  ['<seed:think>', '</seed:think>', ['<seed:think>', '</seed:think>']],
  ['<|channel>thought', '<channel|>', ['<|channel>', '<channel|>']],
  ['<|inner_prefix|>', '<|inner_suffix|>', ['<|inner_prefix|>', '<|inner_suffix|>']],
  ['Here are my reasoning steps:', '[BEGIN FINAL RESPONSE]', []],
  [
    '<|channel|>analysis<|message|>',
    '<|end|><|start|>assistant<|channel|>final<|message|>',
    ['<|channel|>', '<|message|>', '<|end|>', '<|start|>'],
  ],
  [
    '<|think|>',
    '<|end|><|begin|>assistant<|content|>',
    ['<|think|>', '<|end|>', '<|begin|>', '<|content|>'],
    '<|begin|>assistant<|think|>',
  ],
];

describe.each(families)('a model that reasons between %s and %s', (open, close, control, other) => {
  it('has its reasoning apart, ended in time, and in no later prompt', async () => {
    const repository = await memoryOf({
      ...(await withControlTokens(control)),
      'tokenizer.chat_template': template(open, close, other),
    });
    const { tails, transcript, model } = repository;
    const question = 'What is retryLimit?';
    const first = await heard(repository, question);
    const { answer } = first;
    const limit = Math.floor((tails.chat.capacity - answer.promptTokens) / 2);
    expect(answer.reasoning).toMatchObject({ tokens: limit, cut: true });
    expect(answer.reasoning?.text.length).toBeGreaterThan(100);
    expect(answer.reasoning?.text).toBe(first.reasoning.trim());
    expect(answer.answer).not.toBe('');
    expect(first.text).toContain(answer.answer);
    expect([answer.outputTokens, answer.stopReason]).toEqual([24, 'length']);
    for (const text of [first.text, first.reasoning]) {
      expect(text).not.toContain(open);
      expect(text).not.toContain(close);
    }

    const history = [{ question, answer: answer.answer }];
    const { tokens } = transcript.past(history, { capacity: tails.chat.capacity, needed: 0 });
    const past = Buffer.concat([...tokens].map((token) => model.tokenBytes(token))).toString();
    expect(past).toContain(answer.answer);
    expect(past).not.toContain(answer.reasoning?.text.slice(0, 20));
    expect(past).not.toMatch(/think|thought|analysis|inner|reasoning steps|FINAL/u);
    const next = await heard(repository, 'And then?', history);
    expect(next.answer.seenTurns).toBe(1);
    expect(next.answer.promptTokens).toBeLessThan(answer.promptTokens + limit);
    expect(next.answer.reasoning?.text.length).toBeGreaterThan(100);
  });
});

it('a model of another template has none', async () => {
  const repository = await memoryOf({});
  const { answer, reasoning } = await heard(repository, 'What is retryLimit?');
  expect([answer.reasoning, reasoning]).toEqual([undefined, '']);
  expect(answer.answer).not.toBe('');
});
