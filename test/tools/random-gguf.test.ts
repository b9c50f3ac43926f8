import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Llama } from 'node-llama-cpp';
import { getLlama, LlamaLogLevel, readGgufFileInfo } from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { charactersPerToken, generateRepository } from '../quality/generator/repository.ts';
import { architectureOf, architectures, shapes, writeRandomModel } from './random-gguf.ts';
import { toHalf } from './random-weights.ts';
import { textlessTokens, readTokenizer } from './tokenizer-metadata.ts';

const bundled = fileURLToPath(
  new URL('../../extension/models/bundled/loci-tiny-f16.gguf', import.meta.url),
);

describe('toHalf', () => {
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -26, 0x0000],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2 - 2 ** -12, 0x4000],
    [1 / 3, 0x3555],
  ])('of %d', (value, bits) => {
    expect(toHalf(value)).toBe(bits);
  });

  it('of no number is no number', () => {
    expect(toHalf(NaN) & 0x7fff).toBeGreaterThan(0x7c00);
  });
});

describe('random models', () => {
  let llama: Llama;
  let folder: string;

  beforeAll(async () => {
    llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error });
    folder = await mkdtemp(join(tmpdir(), 'loci-random-model-'));
  }, 60_000);

  afterAll(async () => {
    await llama.dispose();
    await rm(folder, { recursive: true });
  }, 60_000);

  it.each(architectures)('of %s shape load, tokenize and compute', async (architecture) => {
    // With fewer layers, some families would have no attention layer.
    const shape = { ...shapes.tiny, architecture, layers: 4, vocabulary: 2080 };
    const path = join(folder, `${architecture}.gguf`);
    await writeRandomModel(path, shape, 5);
    const info = await readGgufFileInfo(path);
    expect(info.metadata.general.architecture).toBe(architectureOf(architecture));

    const [model, original] = await Promise.all([
      llama.loadModel({ modelPath: path }),
      llama.loadModel({ modelPath: bundled, vocabOnly: true }),
    ]);
    const text = 'export const answer = 42; // <|im_end|> é';
    expect(model.tokenize(text)).toEqual(original.tokenize(text));
    expect(model.tokenize('<|im_end|>', true)).toEqual(original.tokenize('<|im_end|>', true));
    expect(model.fileInfo.metadata.tokenizer.chat_template).toBe(
      original.fileInfo.metadata.tokenizer.chat_template,
    );

    const context = await model.createContext({ contextSize: 256, threads: 1 });
    const sequence = context.getSequence();
    const tokens = model.tokenize(text);
    const outputs = await sequence.controlledEvaluate(
      tokens.map((token) => [token, { generateNext: { probabilities: true } }]),
    );
    const likeliest = outputs.map((output) => {
      const entries = [...(output?.next.probabilities ?? [])];
      const values = entries.map(([, probability]) => probability);
      expect(values).toHaveLength(shape.vocabulary);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 3);
      // Neither flat nor certain, so that comparing the largest is meaningful.
      expect(Math.max(...values)).toBeGreaterThan(2 / shape.vocabulary);
      expect(Math.max(...values)).toBeLessThan(0.99);
      return entries[0]?.[0];
    });
    expect(new Set(likeliest).size).toBeGreaterThan(likeliest.length / 2);
    await model.dispose();
    await original.dispose();
  });

  it('are a function of their seed and as large as their shape says', async () => {
    const path = join(folder, 'sized.gguf');
    await writeRandomModel(path, shapes.tiny, 1);
    const bytes = await readFile(path);
    await writeRandomModel(path, shapes.tiny, 1);
    expect(bytes.equals(await readFile(path))).toBe(true);
    await writeRandomModel(path, shapes.tiny, 2);
    expect(bytes.equals(await readFile(path))).toBe(false);
    const { width, layers, heads, kvHeads, headSize, feedForward, vocabulary } = shapes.tiny;
    const perLayer = width * headSize * (2 * heads + 2 * kvHeads) + 3 * width * feedForward;
    const weights = 2 * (layers * perLayer + 2 * width * vocabulary);
    expect(bytes.length).toBeGreaterThan(weights);
    expect(bytes.length).toBeLessThan(weights + 200_000);
  });

  it('of no end give tokens that stand for no text the logit 0, and are otherwise the same', async () => {
    const path = join(folder, 'endless.gguf');
    await writeRandomModel(path, shapes.tiny, 1);
    const bytes = await readFile(path);
    await writeRandomModel(path, { ...shapes.tiny, endless: true }, 1);
    const endless = await readFile(path);
    // The output matrix is the last in the file.
    const { width, vocabulary } = shapes.tiny;
    const start = bytes.length - width * vocabulary * 2;
    expect(endless.subarray(0, start).equals(bytes.subarray(0, start))).toBe(true);
    const tokenizer = await readTokenizer(bundled);
    const silent = new Set(textlessTokens(tokenizer));
    const ids = ['eos', 'eot', 'bos'].flatMap((name) => {
      const id = tokenizer[`tokenizer.ggml.${name}_token_id`];
      return id?.type === 'uint32' ? [id.value] : [];
    });
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) expect(silent).toContain(id);
    for (let token = 0; token < vocabulary; token++) {
      const at = start + token * width * 2;
      const row = endless.subarray(at, at + width * 2);
      if (silent.has(token)) expect(row.every((byte) => byte === 0)).toBe(true);
      else expect(row.equals(bytes.subarray(at, at + width * 2))).toBe(true);
    }
  });

  it('count the tokens of generated repositories as the generator assumes', async () => {
    const model = await llama.loadModel({ modelPath: bundled, vocabOnly: true });
    const { files } = generateRepository({ seed: 11, tokens: 36_000, questions: 40 });
    const count = (text: string): number => model.tokenize(text).length;
    let tokens = 0;
    let characters = 0;
    const sizes: number[] = [];
    for (const [path, text] of files) {
      tokens += count(path) + count(text);
      characters += path.length + text.length;
      if (path.includes('/')) sizes.push(count(text));
    }
    expect(characters / tokens).toBeGreaterThan(0.95 * charactersPerToken);
    expect(characters / tokens).toBeLessThan(1.05 * charactersPerToken);
    // Eight contexts of the bundled model, in files that fit its short questions.
    expect(tokens).toBeGreaterThan(8 * 4096);
    expect(Math.max(...sizes)).toBeLessThan(600);
    await model.dispose();
  });
});
