/** Answers longer than the tail: they lose their own middle, and nothing else. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ask } from '../../extension/engine/answering/ask.ts';
import { generate } from '../../extension/engine/generation/generate.ts';
import type { Generation } from '../../extension/engine/generation/generate.ts';
import { walkRepository } from '../../extension/repository/files/walk.ts';
import type { Answer } from '../../extension/protocol/answer.ts';
import { BenchModel } from '../quality/bench/model.ts';
import type { Holding } from '../quality/bench/model.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { asking, failureOf, never, testGpu } from './support/engine.ts';
import { sampleRepository, temporaryFolder } from './support/folders.ts';

const { root, questions } = await sampleRepository({ tokens: 1500, questions: 2 });
const bench = await BenchModel.load(null, testGpu, never);
afterAll(() => {
  bench.dispose();
});
const source = { roots: [root], listing: await walkRepository([root], {}) };
const holding: Holding = {
  budget: { unit: 'tokens', value: 256 },
  policy: { name: 'laprox', parameters: {} },
  kvType: 'q8_0',
  bytesOf: 'q8_0',
  mode: 'streaming',
};
const { repository } = await bench.hold(source, holding, never, () => undefined);
const { addon, memory, model, formats } = repository;
const tail = repository.tails.chat;
const tailCapacity = tail.capacity;
const cancellation = addon.createCancellation();
const prompt = formats.chat.question('Describe the code.');

/** Never ends by itself, and has text in every token. */
const talkative = {
  isEndOfGeneration: () => false,
  tokenBytes: (token: number) => {
    const bytes = model.tokenBytes(token);
    return bytes.length === 0 ? Buffer.from('?') : bytes;
  },
};

async function write(maxTokens: number, attendMemory: boolean): Promise<Generation> {
  const sampler = model.createSampler({
    ...{ temperature: 1, topK: 40, topP: 0.95, minP: 0.05 },
    ...{ repeatPenalty: 1, repeatLast: 64, seed: 3 },
  });
  try {
    await tail.hold(prompt, { attendMemory, cancellation });
    return await generate({
      model: talkative,
      tail,
      sampler,
      attendMemory,
      promptTokens: prompt.length,
      maxTokens,
      stopTokens: new Set(),
      signal: never,
      cancellation,
      onText: () => 'continue',
    });
  } finally {
    tail.cut(0);
    sampler.dispose();
  }
}

/** What every layer and head holds. */
function heldSets(): number[][] {
  const { layers, kvHeads } = model.info;
  return Array.from({ length: layers * kvHeads }, (_, index) => [
    ...memory.held(Math.floor(index / kvHeads), index % kvHeads),
  ]);
}

async function logitsOf(text: string): Promise<Float32Array> {
  const tokens = formats.chat.question(text);
  tail.cut(0);
  await tail.extend(tokens, { observe: false, attendMemory: true, cancellation });
  const logits = tail.logits();
  tail.cut(0);
  return logits;
}

describe('an answer longer than the tail', () => {
  it('goes on to the longest wanted, and leaves no trace in the memory', async () => {
    const held = heldSets();
    const question = asking(questions[0]?.question ?? '', { recall: 'off' });
    const answer = async (): Promise<string> =>
      (await ask(repository, question, { signal: never, onText: () => undefined, askedAt: 0 }))
        .answer;
    const before = await answer();
    const logits = await logitsOf('What is x?');
    for (const attendMemory of [true, false]) {
      const long = await write(tailCapacity + 300, attendMemory);
      expect(long.stopReason).toBe('length');
      expect(long.outputTokens).toBe(tailCapacity + 300);
      expect(long.evictedTokens).toBeGreaterThan(300);
      expect(long.evictedTokens).toBeLessThan(long.outputTokens);
    }
    expect(heldSets()).toEqual(held);
    expect(await logitsOf('What is x?')).toEqual(logits);
    expect(await answer()).toBe(before);
  });

  it('begins as the shorter one does', async () => {
    const short = await write(tailCapacity - prompt.length, true);
    expect(short.evictedTokens).toBe(0);
    const long = await write(tailCapacity + 8, true);
    expect(long.text.startsWith(short.text)).toBe(true);
  });

  it('is told of in the answer, and a shorter one is not', async () => {
    const file = join(await temporaryFolder(), 'endless.gguf');
    await writeRandomModel(file, { ...shapes.tiny, endless: true }, 1);
    const endless = await BenchModel.load(file, testGpu, never);
    const held = await endless.hold(source, holding, never, () => undefined);
    const { capacity } = held.repository.tails.chat;
    const said = async (maxTokens: number): Promise<Answer> => {
      const asked = asking('Describe it.', { recall: 'off', maxTokens, temperature: 5 });
      const context = { signal: never, onText: () => undefined, askedAt: 0 };
      return ask(held.repository, asked, context);
    };
    const long = await said(capacity + 100);
    expect(long.outputTokens).toBe(capacity + 100);
    expect(long.notices.join()).toContain('could no longer see');
    const short = await said(capacity - long.promptTokens);
    expect(short.outputTokens).toBe(capacity - long.promptTokens);
    expect(short.notices.join()).not.toContain('could no longer see');
    endless.dispose();
  });
});

describe('evictTail', () => {
  it('refuses what does not fit in a sentence, and a cut into what was evicted', async () => {
    const evict = (first: number, last: number, rows: number): Promise<void> =>
      tail.evictTail({ first, last, rows, cancellation });
    await tail.hold(prompt, { attendMemory: true, cancellation });
    const tokens = prompt.length;
    for (const [first, last, rows] of [
      [-1, 0, 4],
      [0, 0, tokens + 1],
      [4, 4, 7],
      [0.5, 0, 4],
      [0, Number.NaN, 4],
    ] as const) {
      const failure = await failureOf((async () => evict(first, last, rows))());
      expect(failure.code).toBe('invalid-argument');
    }
    const running = evict(2, 2, 6);
    expect((await failureOf((async () => evict(2, 2, 6))())).code).toBe('busy');
    await running;
    expect(tail.length).toBe(6);
    expect(() => {
      tail.cut(5);
    }).toThrow(/can be cut to 0 or to at least 6 tokens, not to 5/);
    tail.cut(0);
  });
});
