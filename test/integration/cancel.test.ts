import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../extension/protocol/answer.ts';
import type { EngineStatus } from '../../extension/protocol/notifications/state.ts';
import { rememberedShare } from '../../extension/report/format.ts';
import { asking, failureOf, never, onSlowDevice, opening, startEngine } from './support/engine.ts';
import type { TestEngine } from './support/engine.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { sampleRepository, temporaryFolder } from './support/folders.ts';

const repository = await sampleRepository({ tokens: 6000 });
const small = await sampleRepository({ tokens: 1200, seed: 3 });
const engine = await startEngine();
const { session } = engine;
const ignore = (): void => undefined;

/** Aborts while the engine tells something, the first time that this meets a condition. */
function abortAt(
  heard: TestEngine,
  condition: (event: Parameters<TestEngine['onEvent']>[0]) => boolean,
): AbortController {
  const controller = new AbortController();
  heard.onEvent = (event) => {
    if (condition(event)) controller.abort();
  };
  return controller;
}

beforeEach(() => {
  engine.onEvent = ignore;
  engine.progress.length = 0;
  engine.states.length = 0;
});

describe('cancelling while nothing is read yet', () => {
  it('ends before it begins', async () => {
    const controller = new AbortController();
    controller.abort();
    const failure = await failureOf(session.open(opening(repository.root), controller.signal));
    expect(failure.code).toBe('cancelled');
    expect(session.state.status).toBe('empty');
  });

  it.each(['listing', 'loading'] as const)(
    'ends while %s, and nothing stays open',
    async (phase) => {
      const controller = abortAt(engine, (event) => 'phase' in event && event.phase === phase);
      const failure = await failureOf(session.open(opening(repository.root), controller.signal));
      expect(failure.code).toBe('cancelled');
      expect(session.state.status).toBe('empty');
    },
  );
});

describe('cancelling while reading', () => {
  it('keeps the last whole chunk, says so, and answers from it', async () => {
    const controller = abortAt(
      engine,
      (event) => 'phase' in event && event.phase === 'reading' && event.tokens > 0,
    );
    const opened = await session.open(opening(repository.root), controller.signal);
    expect(opened.complete).toBe(false);
    expect(opened.notices.join()).toMatch(
      /Reading stopped early\. Answers use only the first \d+ of \d+ files\./,
    );
    expect(opened.repository.tokens % 512).toBe(0);
    expect(opened.repository.files).toBeLessThan(repository.files.size);
    expect(opened.repository.totalFiles).toBe(repository.files.size);
    const { heldTokens } = opened.memory;
    const { tokens, totalTokens } = opened.repository;
    expect(totalTokens).toBeGreaterThan(tokens);
    expect(rememberedShare({ heldTokens, totalTokens })).toBeLessThan(1);
    const answer = await session.ask(asking('What is a?', { maxTokens: 4 }), ignore, never);
    expect(answer.notices.join()).toMatch(/Read so far: \d+ % \(\d+ of \d+ files\)/);
    const retention = await session.retention({ path: null }, never);
    expect(retention.files.length).toBe(opened.repository.files);
  });

  it('lets a newer repository take the place of the older one', async () => {
    const older = failureOf(session.open(opening(repository.root), never));
    await until(() => engine.progress.some((event) => event.phase === 'reading'));
    const newer = await session.open(opening(small.root), never);
    expect((await older).code).toBe('cancelled');
    expect(newer.complete).toBe(true);
    expect(newer.repository.files).toBe(small.files.size);
  });

  it('answers in between from the memory before, and reads on to the end', async () => {
    await session.open(opening(small.root), never);
    engine.progress.length = 0;
    const reading = session.open(opening(repository.root), never);
    await until(() => engine.progress.some((event) => event.phase === 'reading'));
    const answer = await session.ask(asking('What is a?', { maxTokens: 4 }), ignore, never);
    const held = await session.retention({ path: null }, never);
    const readByThen = engine.progress.at(-1)?.tokens ?? 0;
    const opened = await reading;
    expect(readByThen).toBeLessThan(opened.repository.tokens);
    expect(answer.notices.join()).not.toMatch(/Read so far: \d+ %/);
    expect(held.files).toHaveLength(small.files.size);
    expect(opened.repository.files).toBe(repository.files.size);
  });

  it('answers in between from a first reading, and reads on to the end', async () => {
    const engine = await startEngine();
    const { session } = engine;
    const reading = session.open(opening(repository.root), never);
    await until(() => engine.progress.some((event) => event.phase === 'reading'));
    const answer = await session.ask(asking('What is a?', { maxTokens: 4 }), ignore, never);
    const readByThen = engine.progress.at(-1)?.tokens ?? 0;
    const opened = await reading;
    expect(readByThen).toBeLessThan(opened.repository.tokens);
    expect(answer.notices.join()).toMatch(/Read so far: \d+ %/);
    expect(opened.complete).toBe(true);
    const statuses = engine.states.map(({ status }) => status);
    expect(statuses.slice(0, 3)).toEqual(['opening', 'answering', 'opening']);
  });
});

describe('cancelling while answering', () => {
  const long = asking('Describe the code.', {
    recall: 'off',
    maxTokens: 400,
    temperature: 3,
    seed: 9,
  });

  /** An answer is the same as if the cancelled one had never been asked. */
  async function answerNow(): Promise<Pick<Answer, 'answer' | 'recalled'>> {
    const [question] = small.questions;
    const { answer, recalled } = await session.ask(
      asking(question?.question ?? 'What?'),
      ignore,
      never,
    );
    return { answer, recalled };
  }

  it('keeps what was written and leaves the memory as it was', async () => {
    await session.open(opening(small.root), never);
    const before = await answerNow();
    const controller = new AbortController();
    let written = '';
    const answer = await session.ask(
      long,
      (text) => {
        written += text;
        if (written.length > 5) controller.abort();
      },
      controller.signal,
    );
    expect(answer.stopReason).toBe('cancelled');
    expect(answer.answer).toBe(written.trim());
    expect(answer.outputTokens).toBeLessThan(20);
    expect(await answerNow()).toEqual(before);
  });

  it('takes a waiting question out of the queue', async () => {
    await session.open(opening(small.root), never);
    const stopFirst = new AbortController();
    const first = session.ask(long, ignore, stopFirst.signal);
    const controller = new AbortController();
    const waiting = failureOf(session.ask(long, ignore, controller.signal));
    controller.abort();
    expect((await waiting).code).toBe('cancelled');
    stopFirst.abort();
    await failureOf(first);
  });
});

/**
 * An answer's first token takes this model a hundred milliseconds and more, a whole completion a
 * second: every cancellation comes first.
 */
describe('cancelling before the first token of a slow model', () => {
  let slow: TestEngine;

  beforeAll(async () => {
    const modelPath = join(await temporaryFolder(), 'talkative.gguf');
    await writeRandomModel(modelPath, shapes.talkative, 1);
    slow = await startEngine();
    await slow.session.open(opening(small.root, { modelPath }), never);
  });

  /** Aborts so long after the engine has begun with what it is asked next. */
  function abortAfterStart(status: EngineStatus, delayMs: number): AbortSignal {
    const controller = new AbortController();
    slow.onEvent = (event) => {
      if ('status' in event && event.status === status) {
        setTimeout(() => {
          controller.abort();
        }, delayMs);
      }
    };
    return controller.signal;
  }

  const delays = onSlowDevice ? [1] : [0, 1, 2, 4, 8];

  it('ends an answer with nothing and leaves the memory as it was', async () => {
    const short = asking('What is a?', { maxTokens: 8 });
    const before = await slow.session.ask(short, ignore, never);
    for (const delayMs of delays) {
      const pieces: string[] = [];
      const signal = abortAfterStart('answering', delayMs);
      const asked = slow.session.ask(asking('What is b?'), (text) => pieces.push(text), signal);
      expect((await failureOf(asked)).code).toBe('cancelled');
      expect(pieces).toEqual([]);
    }
    const { answer, recalled } = await slow.session.ask(short, ignore, never);
    expect({ answer, recalled }).toEqual({ answer: before.answer, recalled: before.recalled });
  });

  it('ends a completion with nothing and leaves the memory as it was', async () => {
    const cursor = { path: 'a.ts', prefix: 'const a = ', suffix: '', maxTokens: 200 };
    const before = await slow.session.complete({ ...cursor, maxTokens: 8 }, never);
    for (const delayMs of delays) {
      const signal = abortAfterStart('completing', delayMs);
      const { code } = await failureOf(slow.session.complete(cursor, signal));
      expect(code).toBe('cancelled');
    }
    const after = await slow.session.complete({ ...cursor, maxTokens: 8 }, never);
    expect(after.text).toBe(before.text);
  });
});

describe('a completion while the engine tries how the model completes', () => {
  it('comes first, and cancelled it leaves the trial and the memory as they were', async () => {
    const cursor = { path: 'a.ts', prefix: 'const a = ', suffix: '', maxTokens: 8 };
    const engine = await startEngine();
    await engine.session.open(opening(small.root), never);
    const { text } = await engine.session.complete(cursor, never);
    for (const wait of [1_000, 1_100, 1_200]) {
      // The trial begins after an idle second.
      await new Promise((resolve) => setTimeout(resolve, wait));
      const controller = new AbortController();
      const waiting = failureOf(engine.session.complete(cursor, controller.signal));
      controller.abort();
      expect((await waiting).code).toBe('cancelled');
      expect((await engine.session.complete(cursor, never)).text).toBe(text);
    }
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}
