/**
 * Models of each family, of random weights: what the addon computes with one is stock llama.cpp's,
 * keys move beyond the trained context, and a repository longer than that is read and asked about.
 * The names of tests are the columns of the table that `npm test -- families` prints.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { validateModel } from '../../extension/models/validate.ts';
import { fullRun } from '../tools/full-run.ts';
import type { Architecture } from '../tools/random-gguf.ts';
import { architectureOf, architectures, shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { asking, never, onSlowDevice, opening, startEngine } from './support/engine.ts';
import { familyTests } from './support/family-tests.ts';
import { sampleRepository, temporaryFolder } from './support/folders.ts';

const { session } = await startEngine();
const repository = await sampleRepository({ tokens: 1_500 });
const folder = await temporaryFolder();
const fileOf = (architecture: Architecture): string => join(folder, `${architecture}.gguf`);
const ignore = (): void => undefined;
const budget = { unit: 'tokens', value: 128 } as const;

/**
 * Four layers: one of SmolLM3 has no rotation, the last of GLM-4.5 and GLM-4.7 predicts several tokens, some of the
 * hybrid families keep a recurrent state in place of keys and values, some of Gemma 2 to 4, gpt-oss,
 * Laguna, Mellum and OLMo attend through a window of 96 tokens, and the last two of one form of Gemma 4 read the
 * keys and values of the first two. Those of DeepSeek have one row for all heads, or in one form long keys
 * and short values.
 */
const shape = { ...shapes.brief, layers: 4, context: 512, endless: true };

/** Layers that hold keys and values of all tokens, where not all four do. */
const attending: Partial<Record<Architecture, number>> = {
  glm4moe: 3,
  qwen35: 1,
  qwen35moe: 1,
  qwen3next: 1,
  lfm2: 2,
  lfm2moe: 2,
  granitehybrid: 2,
  jamba: 2,
  nemotron_h: 1,
  nemotron_h_moe: 1,
  gemma2: 2,
  gemma3: 2,
  'gpt-oss': 2,
  laguna: 1,
  mellum: 1,
  olmo2: 1,
  gemma4: 2,
  'gemma4-experts': 2,
  'gemma4-shared': 1,
  'deepseek2-queries': 3,
};

beforeAll(async () => {
  for (const architecture of tried) {
    await writeRandomModel(fileOf(architecture), { ...shape, architecture }, 5);
  }
});

/** One of each kind of layers; all families in a full run. */
const kinds: readonly Architecture[] = ['llama', 'qwen35', 'gpt-oss', 'gemma4-shared', 'deepseek2'];
const tried = fullRun ? architectures : kinds;

/** What is tested of each family, and by which cases of native-kernels/test/family_test.cpp. */
const properties = {
  prefill: [
    'prefill equals stock llama.cpp',
    'prefill equals stock llama.cpp in the ragged layout',
  ],
  decode: [
    'decode equals stock llama.cpp',
    'decode equals stock llama.cpp in the ragged layout',
    'decode is the same where attention keeps scratch behind its results',
  ],
  eviction: [
    'evicts rows and leaves the others',
    'evicts from a tail',
    'evicts from a tail over windows',
    'forgets what windows hold',
    'is resized',
    'looks at each head, or says that it does not',
  ],
  'beyond the trained context': ['moves keys', 'moves the keys of windows'],
  fork: ['reads alike with and without questions on forks'],
  cancel: ['cancelled steps leave no trace'],
  'save and restore': ['is saved and loaded'],
};

describe.each(tried)('a model of the family %s', (architecture) => {
  it('header', async () => {
    const validation = await validateModel(fileOf(architecture));
    expect(validation).toMatchObject({
      ok: true,
      model: {
        architecture: architectureOf(architecture),
        layers: attending[architecture] ?? 4,
      },
    });
  });

  describe.skipIf(onSlowDevice)('natively', () => {
    it.each(Object.entries(properties))('%s', async (_, cases) => {
      const outcome = await familyTests(fileOf(architecture));
      // Every case belongs to a property.
      expect([...outcome.keys()].sort()).toEqual(Object.values(properties).flat().sort());
      expect(cases.map((name) => [name, outcome.get(name)])).toEqual(
        cases.map((name) => [name, 'passed']),
      );
    });
  });

  it('asked', async () => {
    const modelPath = fileOf(architecture);
    const opened = await session.open(opening(repository.root, { modelPath, budget }), never);
    // A repository longer than the context is read, and one question has one answer.
    expect(opened.complete).toBe(true);
    expect(opened.repository.tokens).toBeGreaterThan(2 * shape.context);
    expect(opened.memory.peakKvBytes).toBeLessThanOrEqual(
      opened.budget.bytes + opened.memory.workingBytes,
    );
    expect(opened.notices.filter((notice) => notice.includes('does not know'))).toHaveLength(
      architecture === 'glm4moe' ? 1 : 0,
    );
    expect(opened.notices.join()).toContain('is a very small model');
    const ask = (question: string) =>
      session.ask(asking(question, { maxTokens: 4 }), ignore, never);
    const answer = await ask('What is it?');
    expect(answer.outputTokens).toBeGreaterThan(0);
    // Both of these go on from the other question's prompt. The first computes all of its own in one
    // step, which rounds otherwise, and in random weights two tokens can be as likely.
    const again = async (): Promise<string> => {
      await ask('What is it not?');
      return (await ask('What is it?')).answer;
    };
    const second = await again();
    expect(await again()).toBe(second);
  });
});
