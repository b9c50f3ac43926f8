/** Two turns of a chat and a completion between them, over one memory. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../extension/engine/answering/ask.ts';
import { complete } from '../../extension/engine/completing/complete.ts';
import type { Repository } from '../../extension/engine/memory/repository.ts';
import type { Answer } from '../../extension/protocol/answer.ts';
import type { PastTurn } from '../../extension/protocol/requests/ask.ts';
import { BenchModel } from '../quality/bench/model.ts';
import { writeRandomModel } from '../tools/random-gguf.ts';
import { asking, failureOf, never, testGpu } from './support/engine.ts';
import { holdFolder } from './support/hold-folder.ts';
import { folderOf } from './support/folders.ts';

const root = await folderOf({
  'src/limits.ts': 'export const retryLimit = 4821;\nexport const waitLimit = 77;\n',
  'src/names.ts': 'export const firstName = "Ada";\n',
});
const folder = await mkdtemp(path.join(tmpdir(), 'loci-model-'));
const model = path.join(folder, 'long.gguf');
let bench: BenchModel;
let repository: Repository;

beforeAll(async () => {
  // Says nothing of sense, but has room for a conversation.
  const shape = { layers: 2, width: 128, heads: 4, kvHeads: 2, headSize: 32, feedForward: 256 };
  await writeRandomModel(
    model,
    { architecture: 'llama', ...shape, vocabulary: 2048, context: 8192 },
    1,
  );
  bench = await BenchModel.load(model, testGpu, never);
  repository = await holdFolder(bench, root, { policy: 'default' });
});

afterAll(async () => {
  bench.dispose();
  await rm(folder, { recursive: true, force: true });
});

function answered(
  question: string,
  history: readonly PastTurn[] = [],
  { signal, onText }: { signal: AbortSignal; onText: () => void } = {
    signal: never,
    onText: () => undefined,
  },
): Promise<Answer> {
  const parameters = { ...asking(question, { recall: 'identifiers', maxTokens: 24 }), history };
  return ask(repository, parameters, { signal, onText, askedAt: performance.now() });
}

const completed = (prefix: string): ReturnType<typeof complete> =>
  complete(
    repository,
    { path: 'src/limits.ts', prefix, suffix: '\n', maxTokens: 8 },
    { signal: never, askedAt: performance.now() },
  );

/** All that the memory holds, to the bit. */
async function held(): Promise<string[]> {
  const { layers, kvHeads } = repository.model.info;
  const keys: string[] = [];
  for (let layer = 0; layer < layers; layer++) {
    for (let head = 0; head < kvHeads; head++) {
      const rows = await repository.memory.keys(layer, head);
      keys.push(Buffer.from(rows.buffer).toString('base64'));
    }
  }
  return keys;
}

describe('a conversation', () => {
  it('computes only what is new, whatever came in between, and leaves the memory to the bit', async () => {
    const { chat, measuring } = repository.tails;
    const before = await held();
    const first = await answered('What is retryLimit?');
    expect(first.reusedTokens).toBe(0);
    const afterFirst = chat.length;
    expect(afterFirst).toBeGreaterThan(first.promptTokens);

    await completed('export const ');
    const typed = await completed('export const w');
    expect(typed.reusedTokens).toBeGreaterThan(typed.promptTokens / 2);

    const second = await answered('And what is waitLimit?', [
      { question: first.question, answer: first.answer },
    ]);
    // All of the first turn stood there; its last token had been sampled and not computed yet.
    expect(second.reusedTokens).toBeGreaterThanOrEqual(afterFirst);
    const fresh = second.promptTokens - second.reusedTokens;
    expect(fresh).toBeLessThan(second.promptTokens / 2);
    expect(measuring.length).toBe(0);
    expect(await held()).toEqual(before);
  });

  it('begins anew without a history, and with one that was never written', async () => {
    await answered('What is retryLimit?');
    expect((await answered('What is firstName?')).reusedTokens).toBeLessThan(40);
    const other = [{ question: 'What is waitLimit?', answer: 'It is 77.' }];
    const answer = await answered('And retryLimit?', other);
    expect(answer.reusedTokens).toBeLessThan(40);
    const alone = await answered('And retryLimit?');
    expect(answer.promptTokens).toBeGreaterThan(alone.promptTokens);
  });

  it('goes on after a follow-up that was cancelled before or while it was answered', async () => {
    const before = await held();
    const { question, answer } = await answered('What is retryLimit?');
    const history = [{ question, answer }];
    const failure = await failureOf(
      answered('And what is waitLimit?', history, {
        signal: AbortSignal.abort(),
        onText: () => undefined,
      }),
    );
    expect(failure.code).toBe('cancelled');
    const stopping = new AbortController();
    const stopped = await answered('And what is waitLimit?', history, {
      signal: stopping.signal,
      onText: () => {
        stopping.abort();
      },
    });
    expect(stopped.stopReason).toBe('cancelled');
    const again = await answered('And what is waitLimit?', history);
    expect(again.stopReason).not.toBe('cancelled');
    expect(again.reusedTokens).toBeGreaterThan(again.promptTokens / 2);
    expect(await held()).toEqual(before);
  });

  it('gives up earlier turns for a question that only fits without them', async () => {
    const { capacity } = repository.tails.chat;
    const [asked, answer] = ['What is retryLimit?', 'word '.repeat(120)];
    const history = [{ question: asked, answer }];
    const long = `What is this? ${'retryLimit '.repeat(10_000)}`;
    const tokens = (text: string): number => repository.formats.chat.question(text).length;
    let end = long.length;
    while (tokens(long.slice(0, end)) > capacity - 80) end = Math.floor(end * 0.97);
    const question = long.slice(0, end);
    const alone = await answered(question);
    const behind = await answered(question, history);
    expect(behind.promptTokens).toBe(alone.promptTokens);
    expect(behind.notices.join()).toContain(
      'for this answer, the model did not see the earlier turn.',
    );
    expect([behind.seenTurns, behind.earlierTurns]).toEqual([0, 1]);
  });

  it('says when it has become longer than the model can see', async () => {
    const long = 'word '.repeat(40);
    const history = Array.from({ length: 20 }, () => ({ question: 'What now?', answer: long }));
    const answer = await answered('What is retryLimit?', history);
    const { seenTurns } = answer;
    expect(seenTurns).toBeGreaterThan(0);
    expect(answer.earlierTurns).toBe(20);
    expect(answer.notices).toContain(
      `The conversation has become too long: for this answer, the model saw only the last ${String(seenTurns)} of the 20 earlier turns. Name in your question what it must know of the others.`,
    );
    expect(answer.promptTokens).toBeLessThan(repository.tails.chat.capacity);
  });
});
