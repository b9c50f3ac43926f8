/** Asks one memory all items of a benchmark. */
import { ask } from '../../../extension/engine/answering/ask.ts';
import { cancellable } from '../../../extension/engine/native/cancellation.ts';
import { greedy } from '../../../extension/engine/completing/complete.ts';
import { generate } from '../../../extension/engine/generation/generate.ts';
import { markTokens } from '../../../extension/engine/prompt/code-marks.ts';
import type { Repository } from '../../../extension/engine/memory/repository.ts';
import { scoreContinuation } from '../../../extension/engine/generation/likelihood.ts';
import { concatenate } from '../../../extension/engine/prompt/tokens.ts';
import type { RecallMode } from '../../../extension/protocol/requests/ask.ts';
import type { Asked, BenchmarkItem, Continued } from '../generator/items.ts';
import { judgeAnswer, judgeCopy } from './judge.ts';
import type { ItemResult } from './results.ts';

const answerTokens = 48;

/** A copy is cut off when it exceeds the expected text by this much. */
const copyMargin = 16;

/** Questions in words are asked once per recall mode; code is continued from the memory alone. */
export function waysOf(item: BenchmarkItem, recalls: readonly RecallMode[]): RecallMode[] {
  return 'question' in item ? [...recalls] : ['off'];
}

/**
 * Asks one item. Leaves the memory unchanged.
 * @param index the item's index in its benchmark
 * @throws EngineError `cancelled`, or the engine's own error
 */
export async function askItem(
  repository: Repository,
  item: BenchmarkItem,
  index: number,
  recall: RecallMode,
  signal: AbortSignal,
): Promise<ItemResult> {
  const { task, kind } = item;
  const common = { index, task, kind, recall, depth: depthOf(repository, item) };
  if ('question' in item) {
    return {
      ...common,
      headline: item.headline,
      ...(await answer(repository, item, recall, signal)),
    };
  }
  const headline = true;
  return item.task === 'loss'
    ? { ...common, headline, ...(await loss(repository, item, signal)) }
    : { ...common, headline, ...(await copy(repository, item, signal)) };
}

type Found = Pick<ItemResult, 'outcome' | 'score' | 'expected' | 'answer' | 'nats' | 'tokens'>;

async function answer(
  repository: Repository,
  { question, answers }: Asked,
  recall: RecallMode,
  signal: AbortSignal,
): Promise<Found> {
  const parameters = { question, recall, maxTokens: answerTokens, seed: 0, temperature: 0 };
  const said = await ask(repository, parameters, {
    signal,
    onText: () => undefined,
    askedAt: performance.now(),
  });
  // Text written before the signal fired is not an answer.
  signal.throwIfAborted();
  return {
    ...judgeAnswer(answers, said.answer),
    expected: answers.join(', '),
    answer: said.answer,
    nats: null,
    tokens: said.outputTokens,
  };
}

async function loss(repository: Repository, item: Continued, signal: AbortSignal): Promise<Found> {
  const { addon, tails, model } = repository;
  const expected = model.tokenize(item.expected, { special: false });
  const { negativeLogLikelihood, greedy: isGreedy } = await cancellable(
    addon,
    signal,
    (cancellation) =>
      scoreContinuation(tails.chat, promptOf(repository, item), expected, {
        attendMemory: true,
        cancellation,
      }),
  );
  return {
    outcome: isGreedy ? 'right' : 'wrong',
    score: isGreedy ? 1 : 0,
    expected: item.expected,
    answer: '',
    nats: negativeLogLikelihood,
    tokens: expected.length,
  };
}

async function copy(repository: Repository, item: Continued, signal: AbortSignal): Promise<Found> {
  const { addon, model } = repository;
  const tail = repository.tails.chat;
  const prompt = promptOf(repository, item);
  const expected = model.tokenize(item.expected, { special: false });
  const sampler = model.createSampler(greedy);
  try {
    const { text, outputTokens } = await cancellable(addon, signal, async (cancellation) => {
      await tail.hold(prompt, { attendMemory: true, cancellation });
      return generate({
        model,
        tail,
        sampler,
        attendMemory: true,
        promptTokens: prompt.length,
        maxTokens: Math.min(expected.length + copyMargin, tail.capacity - prompt.length),
        stopTokens: markTokens(model),
        signal,
        cancellation,
        // A function ends at the first bracket that begins a line.
        onText: (_, written) => (/(^|\n)\}\n/.test(written) ? 'stop' : 'continue'),
      });
    });
    signal.throwIfAborted();
    const body = /^[^]*?(?:^|\n)\}(?=\n)/.exec(text)?.[0] ?? text;
    return {
      ...judgeCopy(item.expected, body),
      expected: item.expected,
      answer: body,
      nats: null,
      tokens: outputTokens,
    };
  } finally {
    sampler.dispose();
  }
}

/** Formats a file that was not read as it would appear in the stream. */
export function promptOf(
  { formats, model }: Repository,
  item: Pick<Continued, 'heldOutPath' | 'prefix'>,
): Int32Array {
  return concatenate(
    formats.layout.fileHeader(item.heldOutPath),
    model.tokenize(item.prefix, { special: false }),
  );
}

/** The position of the item's line in the stream, in [0, 1]. @throws Error if it was not read */
function depthOf({ index }: Repository, { path, line }: BenchmarkItem): number {
  const file = index.fileOf(path);
  if (file === null) throw new Error(`${path} was not read.`);
  const within = index.lines(file.from, file.to).indexOf(line);
  return (file.from + Math.max(0, within)) / index.tokens;
}
