/**
 * Writes a model with random weights: its text is meaningless, but it loads, computes and costs
 * like a trained model of its shape. For integration tests and measurements of speed.
 *
 *     npx tsx test/tools/random-gguf.ts build/realistic.gguf --shape realistic --architecture qwen3
 */
import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { builtOnce } from './built-once.ts';
import { families as attentionFamilies } from './families.ts';
import type { Family } from './families.ts';
import type { GgufValue } from './gguf-writer.ts';
import { writeGguf } from './gguf-writer.ts';
import { gemma4Families } from './gemma4-families.ts';
import { hybridFamilies } from './hybrid-families.ts';
import { latentFamilies } from './latent-families.ts';
import { windowFamilies } from './window-families.ts';
import { RandomWeights } from './random-weights.ts';
import { withChanges } from './random-parts.ts';
import { modelTensors } from './random-tensors.ts';
import { textlessTokens, padTokenizer, readTokenizer } from './tokenizer-metadata.ts';

const families = {
  ...attentionFamilies,
  ...hybridFamilies,
  ...windowFamilies,
  ...gemma4Families,
  ...latentFamilies,
};

/** Families by the name of their architecture, or that and a form of it. */
export type Architecture = keyof typeof families;
/** All families, for tests of each. */
export const architectures = Object.keys(families) as readonly Architecture[];

export interface ModelShape {
  readonly architecture: Architecture;
  readonly layers: number;
  /** `heads * headSize`, as Qwen2 requires. */
  readonly width: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly feedForward: number;
  /** At least the 2,048 of the bundled model, whose tokenizer it uses. */
  readonly vocabulary: number;
  readonly context: number;
  /**
   * Whether no answer ends by itself: tokens without text, including those that end an answer, have
   * the logit 0, far below the highest of thousands of random ones.
   */
  readonly endless?: boolean;
}

/**
 * `tiny` loads in milliseconds; `brief` soon exceeds its context, for emulated devices; `realistic`
 * costs as much per layer as a small useful model; `talkative` answers up to the token limit,
 * slowly enough to interrupt an answer: seconds for hundreds of tokens. Its large vocabulary slows
 * writing but not reading.
 */
export const shapes = {
  brief: {
    architecture: 'llama',
    layers: 2,
    width: 128,
    heads: 4,
    kvHeads: 2,
    headSize: 32,
    feedForward: 128,
    vocabulary: 2048,
    context: 1024,
  },
  tiny: {
    architecture: 'llama',
    layers: 2,
    width: 256,
    heads: 4,
    kvHeads: 2,
    headSize: 64,
    feedForward: 256,
    vocabulary: 2048,
    context: 4096,
  },
  realistic: {
    architecture: 'llama',
    layers: 16,
    width: 1024,
    heads: 16,
    kvHeads: 4,
    headSize: 64,
    feedForward: 2816,
    vocabulary: 2048,
    context: 32768,
  },
  talkative: {
    architecture: 'llama',
    layers: 4,
    width: 768,
    heads: 12,
    kvHeads: 4,
    headSize: 64,
    feedForward: 2048,
    vocabulary: 32768,
    context: 8192,
    endless: true,
  },
} as const satisfies Record<string, ModelShape>;

const bundledModel = fileURLToPath(
  new URL('../../extension/models/bundled/loci-tiny-f16.gguf', import.meta.url),
);

/**
 * Writes the file atomically.
 * @param changes metadata in place of its own; null: omitted
 */
export async function writeRandomModel(
  path: string,
  shape: ModelShape,
  seed: number,
  changes: Readonly<Record<string, GgufValue | null>> = {},
): Promise<void> {
  const tokenizer = padTokenizer(await readTokenizer(bundledModel), shape.vocabulary);
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  await writeGguf(
    partial,
    withChanges({ ...describeModel(shape, seed), ...tokenizer }, changes),
    modelTensors(
      shape,
      families[shape.architecture],
      new RandomWeights(seed),
      shape.endless === true ? textlessTokens(tokenizer) : [],
    ),
  );
  await rename(partial, path);
}

/**
 * A model of one of the shapes, written once and kept.
 * @returns its path; the file must not be changed
 */
export async function randomModel(name: keyof typeof shapes, seed: number): Promise<string> {
  const shape = shapes[name];
  const sources = await Promise.all(
    [
      ...['random-gguf', 'random-weights', 'gguf-writer', 'tokenizer-metadata'],
      ...['families', 'hybrid-families', 'window-families', 'gemma4-families'],
      ...['latent-families'],
      ...['random-parts', 'random-tensors'],
    ].map((source) => readFile(new URL(`${source}.ts`, import.meta.url))),
  );
  const ingredients = [JSON.stringify([shape, seed]), await readFile(bundledModel), ...sources];
  return builtOnce(`${name}.gguf`, ingredients, (file) => writeRandomModel(file, shape, seed));
}

/** What a family's files name in `general.architecture`. */
export function architectureOf(name: Architecture): string {
  const family: Family = families[name];
  return family.architecture ?? name;
}

/** The metadata of the model itself. */
export function describeModel(shape: ModelShape, seed: number): Record<string, GgufValue> {
  const family: Family = families[shape.architecture];
  const architecture = architectureOf(shape.architecture);
  const integers = {
    context_length: shape.context,
    embedding_length: shape.width,
    block_count: shape.layers,
    feed_forward_length: shape.feedForward,
    'attention.head_count': shape.heads,
    'attention.head_count_kv': shape.kvHeads,
    'attention.key_length': shape.headSize,
    'attention.value_length': shape.headSize,
    'rope.dimension_count': shape.headSize,
    vocab_size: shape.vocabulary,
  };
  const floats = { 'attention.layer_norm_rms_epsilon': 1e-5, 'rope.freq_base': 100_000 };
  const prefixed = (
    type: 'uint32' | 'float32',
    values: Record<string, number>,
  ): [string, GgufValue][] =>
    Object.entries(values).map(([key, value]) => [`${architecture}.${key}`, { type, value }]);
  return {
    'general.architecture': { type: 'string', value: architecture },
    'general.name': { type: 'string', value: `random-${shape.architecture}-${String(seed)}` },
    'general.type': { type: 'string', value: 'model' },
    'general.file_type': { type: 'uint32', value: 1 },
    ...Object.fromEntries([...prefixed('uint32', integers), ...prefixed('float32', floats)]),
    ...Object.fromEntries(
      Object.entries(family.metadata?.(shape) ?? {}).map(([key, value]) => [
        `${architecture}.${key}`,
        value,
      ]),
    ),
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      shape: { type: 'string', default: 'realistic' },
      architecture: { type: 'string', default: 'llama' },
      seed: { type: 'string', default: '1' },
    },
  });
  const shape = Object.entries(shapes).find(([name]) => name === values.shape)?.[1];
  const architecture = architectures.find((name) => name === values.architecture);
  if (shape === undefined || architecture === undefined) {
    throw new Error(
      `Shapes: ${Object.keys(shapes).join(', ')}; architectures: ${architectures.join(', ')}.`,
    );
  }
  const path = resolve(positionals[0] ?? `build/${values.shape}-${architecture}.gguf`);
  await writeRandomModel(path, { ...shape, architecture }, Number(values.seed));
  console.log(path);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
