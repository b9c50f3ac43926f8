import { afterAll, describe, expect, it } from 'vitest';
import { generate } from '../../extension/engine/generation/generate.ts';
import { markTokens } from '../../extension/engine/prompt/code-marks.ts';
import { greedy } from '../../extension/engine/completing/complete.ts';
import { scoreContinuation } from '../../extension/engine/generation/likelihood.ts';
import { BenchModel } from '../quality/bench/model.ts';
import { failureOf, never, testGpu } from './support/engine.ts';
import { holdFolder } from './support/hold-folder.ts';
import { folderOf } from './support/folders.ts';

const root = await folderOf({
  'src/limits.ts': 'export const retryLimit = 4821;\nexport const otherLimit = 77;\n',
});
const bench = await BenchModel.load(null, testGpu, never);
afterAll(() => {
  bench.dispose();
});
const repository = await holdFolder(bench, root, { policy: 'laprox', tokens: 512 });
const { addon, model, formats } = repository;
const tail = repository.tails.measuring;
const cancellation = addon.createCancellation();
const tokens = (text: string): Int32Array => model.tokenize(text, { special: false });
const question = formats.chat.question('What is the value of retryLimit?');

describe('scoreContinuation', () => {
  it('finds what is held likelier than what is not, and greedy what greedy decoding writes', async () => {
    const options = { attendMemory: true, cancellation };
    const sampler = model.createSampler(greedy);
    await tail.hold(question, options);
    const written = await generate({
      model,
      tail,
      sampler,
      attendMemory: true,
      promptTokens: question.length,
      maxTokens: 16,
      stopTokens: markTokens(model),
      signal: never,
      cancellation,
      onText: () => 'continue',
    });
    sampler.dispose();
    tail.cut(0);
    expect(written.text).toBe('4821');
    const right = await scoreContinuation(tail, question, tokens('4821'), options);
    const wrong = await scoreContinuation(tail, question, tokens('9037'), options);
    expect(right.greedy).toBe(true);
    expect(wrong.greedy).toBe(false);
    expect(right.negativeLogLikelihood).toBeGreaterThanOrEqual(0);
    expect(right.negativeLogLikelihood).toBeLessThan(wrong.negativeLogLikelihood);
    const unseen = await scoreContinuation(tail, question, tokens('4821'), {
      attendMemory: false,
      cancellation,
    });
    expect(unseen.negativeLogLikelihood).toBeGreaterThan(right.negativeLogLikelihood);
  });

  it('adds up: a text is as likely as its parts after one another', async () => {
    const options = { attendMemory: true, cancellation };
    const text = tokens('export const retryLimit = 4821;');
    const half = Math.floor(text.length / 2);
    const whole = await scoreContinuation(tail, text.subarray(0, 1), text.subarray(1), options);
    const first = await scoreContinuation(
      tail,
      text.subarray(0, 1),
      text.subarray(1, half),
      options,
    );
    const second = await scoreContinuation(
      tail,
      text.subarray(0, half),
      text.subarray(half),
      options,
    );
    expect(whole.negativeLogLikelihood).toBeCloseTo(
      first.negativeLogLikelihood + second.negativeLogLikelihood,
      1,
    );
    expect(whole.losses).toHaveLength(text.length - 1);
    const sum = whole.losses.reduce((total, loss) => total + loss, 0);
    expect(sum).toBeCloseTo(whole.negativeLogLikelihood, 6);
    expect(whole.losses[0]).toBeCloseTo(first.losses[0] ?? NaN, 1);
  });

  it('leaves the tail empty, also when it fails', async () => {
    const long = new Int32Array(tail.capacity + 1).fill(question[0] ?? 0);
    const options = { attendMemory: true, cancellation };
    const full = await failureOf(scoreContinuation(tail, long, question, options));
    expect(full.code).toBe('tail-full');
    const stopped = addon.createCancellation();
    stopped.cancel();
    const cancelled = await failureOf(
      scoreContinuation(tail, question, question, {
        attendMemory: true,
        cancellation: stopped,
      }),
    );
    expect(cancelled.code).toBe('cancelled');
    expect(tail.length).toBe(0);
  });
});
