/** How a model completes best is tried while nothing else is to do, and never in anybody's way. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { PromptWindow } from '../../extension/engine/prompt/prompt-window.ts';
import { CompletionSupport } from '../../extension/engine/prompt/completion-format.ts';
import { CompletionTrial } from '../../extension/engine/completing/completion-trial.ts';
import { Scheduler } from '../../extension/engine/core/scheduler.ts';
import { BenchModel } from '../quality/bench/model.ts';
import { failureOf, never, testGpu } from './support/engine.ts';
import { holdFolder } from './support/hold-folder.ts';
import { folderOf } from './support/folders.ts';

const root = await folderOf({ 'notes.md': '# Notes\n\nOrders, weather, words and samples.\n' });
const bench = await BenchModel.load(null, testGpu, never);
afterAll(() => {
  bench.dispose();
});
const repository = await holdFolder(bench, root, { policy: 'streaming' });
const { completion } = repository.formats;

it('goes by the name until then', () => {
  const named = (name: string): string =>
    new CompletionSupport({
      info: { ...repository.model.info, name },
      tokenize: (text, options) => repository.model.tokenize(text, options),
      tokenBytes: (token) => repository.model.tokenBytes(token),
    }).format;
  expect(named('Qwen2.5 Coder 0.5B')).toBe('infill');
  expect(named('starcoder2-3b')).toBe('infill');
  expect(named('CodeGemma 2B')).toBe('infill');
  expect(named('Qwen2.5 7B Instruct')).toBe('continuation');
  expect(completion.tried).toBe(false);
});

const { addon, model, formats, tails } = repository;
const tailCapacity = tails.completion.capacity;
const window = new PromptWindow();
const target = { addon, model, formats, tail: tails.measuring, tailCapacity, window };

it('stops for a question, goes on where it stopped, and ends', async () => {
  const scheduler: Scheduler = new Scheduler(() => {
    trial.onIdle();
  });
  const trial = new CompletionTrial(scheduler, () => repository);
  let interrupted = 0;
  for (let attempt = 0; attempt < 200 && !completion.tried; attempt += 1) {
    await scheduler.schedule('chat', never, () => {
      // The tail is empty for the next job.
      expect(repository.tails.measuring.length).toBe(0);
      return Promise.resolve();
    });
    // A second after that it begins; the next question comes in the middle.
    await sleep(1_000 + 20 * attempt);
    if (scheduler.running.includes('idle')) interrupted += 1;
  }
  expect(completion.tried).toBe(true);
  expect(interrupted).toBeGreaterThan(0);
  expect(scheduler.running).toEqual([]);
  const reference = new CompletionSupport(repository.model);
  await reference.tryOut(target, never);
  expect(completion.format).toBe(reference.format);
  trial.stop();
});

it('is cancelled by its signal alone', async () => {
  const support = new CompletionSupport(repository.model);
  const failure = await failureOf(support.tryOut(target, AbortSignal.abort()));
  expect(failure.code).toBe('cancelled');
  expect(support.tried).toBe(false);
  expect(repository.tails.measuring.length).toBe(0);
});
