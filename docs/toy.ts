/**
 * The idea of Loci from top to bottom: read code once, keep a part of its attention keys and
 * values, evict the rest, and ask. The model is the real bundled one, a Llama with 4 million
 * parameters, in plain loops. Run it with `npx tsx docs/toy.ts`.
 */

import { pathToFileURL } from 'node:url';
import { detokenize, tokenize, weight } from './toy-model.ts';

const [width, layers, queryHeads, kvHeads, headSize] = [256, 6, 4, 2, 64] as const;

/* 1. Attention over a cache of rows. */

/** A token's key and value in one KV head. */
interface Row {
  readonly token: number;
  readonly key: Float32Array;
  readonly value: Float32Array;
}
/** By layer and KV head, each of which may hold different tokens. */
export type Cache = Row[][][];

const emptyCache = (): Cache =>
  Array.from({ length: layers }, () => Array.from({ length: kvHeads }, () => []));

const dot = (a: Float32Array, b: Float32Array, from = 0): number => {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += (a[from + i] ?? 0) * (b[i] ?? 0);
  return sum;
};
const times = (name: string, x: Float32Array): Float32Array => {
  const matrix = weight(name);
  return Float32Array.from({ length: matrix.length / x.length }, (_, row) =>
    dot(matrix, x, row * x.length),
  );
};
const normed = (name: string, x: Float32Array): Float32Array => {
  const [gain, scale] = [weight(name), 1 / Math.sqrt(dot(x, x) / x.length + 1e-5)];
  return x.map((one, i) => one * scale * (gain[i] ?? 0));
};
/** RoPE: rotates pairs of components by angles that grow with the position. */
const rotated = (x: Float32Array, position: number): Float32Array =>
  x.map((one, i) => {
    const angle = position / 100_000 ** ((i - (i % 2)) / headSize);
    const other = i % 2 === 0 ? -(x[i + 1] ?? 0) : (x[i - 1] ?? 0);
    return one * Math.cos(angle) + other * Math.sin(angle);
  });
const headOf = (x: Float32Array, head: number): Float32Array =>
  x.subarray(head * headSize, (head + 1) * headSize);

/** Runs one step of the model: adds a row to every head of the cache and returns the logits. */
function step(token: number, position: number, cache: Cache): Float32Array {
  let x = weight('token_embd').slice(token * width, (token + 1) * width);
  cache.forEach((heads, layer) => {
    const block = `blk.${String(layer)}`;
    const input = normed(`${block}.attn_norm`, x);
    const queries = times(`${block}.attn_q`, input);
    const keys = times(`${block}.attn_k`, input);
    const values = times(`${block}.attn_v`, input);
    const output = new Float32Array(width);
    heads.forEach((rows, head) => {
      rows.push({ token, key: rotated(headOf(keys, head), position), value: headOf(values, head) });
      // Grouped queries: two query heads share the same keys.
      for (let group = 0; group < queryHeads / kvHeads; group++) {
        const query = (head * queryHeads) / kvHeads + group;
        const turned = rotated(headOf(queries, query), position);
        const scores = rows.map(({ key }) => Math.exp(dot(turned, key) / Math.sqrt(headSize)));
        const total = scores.reduce((sum, score) => sum + score, 0);
        rows.forEach((row, i) => {
          const share = (scores[i] ?? 0) / total;
          const mixed = output.subarray(query * headSize, (query + 1) * headSize);
          mixed.forEach((sum, c) => (mixed[c] = sum + share * (row.value[c] ?? 0)));
        });
      }
    });
    const attended = times(`${block}.attn_output`, output);
    x = x.map((one, i) => one + (attended[i] ?? 0));
    const hidden = normed(`${block}.ffn_norm`, x);
    const up = times(`${block}.ffn_up`, hidden);
    const gated = times(`${block}.ffn_gate`, hidden).map(
      (one, i) => (one / (1 + Math.exp(-one))) * (up[i] ?? 0),
    );
    const down = times(`${block}.ffn_down`, gated);
    x = x.map((one, i) => one + (down[i] ?? 0));
  });
  return times('token_embd', normed('output_norm', x));
}

/* 2. A score for each row, and the rows worth keeping. */

/** KeyDiff (arXiv 2504.15364): a key that differs from the mean key carries unique information. */
function scores(rows: readonly Row[]): number[] {
  const mean = new Float32Array(headSize);
  for (const { key } of rows) {
    const norm = Math.sqrt(dot(key, key));
    mean.forEach((sum, c) => (mean[c] = sum + (key[c] ?? 0) / norm));
  }
  return rows.map(({ key }) => -dot(mean, key) / Math.sqrt(dot(key, key) * dot(mean, mean)));
}

/**
 * Keeps `budget` rows of each KV head: the first four, to which all tokens attend, and the best of
 * the others. Nothing is left of the evicted rows.
 */
export function compress(cache: Cache, budget: number, score = scores): void {
  for (const heads of cache) {
    heads.forEach((rows, head) => {
      const rated = score(rows).map((one, i) => ({ i, score: i < 4 ? Infinity : one }));
      const kept = rated.sort((a, b) => b.score - a.score).slice(0, budget);
      const places = new Set(kept.map(({ i }) => i));
      heads[head] = rows.filter((_, i) => places.has(i));
    });
  }
}

/* 3. Reading in chunks within the budget, and asking. */

const chunk = 64;

/** Reads tokens into an empty cache; a head never holds more rows than the budget and a chunk. */
export function read(tokens: readonly number[], budget = Infinity, score = scores): Cache {
  const cache = emptyCache();
  tokens.forEach((token, position) => {
    step(token, position, cache);
    if ((position + 1) % chunk === 0) compress(cache, budget, score);
  });
  compress(cache, budget, score);
  return cache;
}

/** Asks after the held rows; afterwards, removes the rows of the question and the answer. */
export function ask(cache: Cache, position: number, question: string): string {
  const tail = cache.map((heads) => heads.map((rows) => [...rows]));
  const prompt = tokenize(`<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`);
  const [end = 0] = tokenize('<|im_end|>');
  let logits: Float32Array = new Float32Array();
  const answer: number[] = [];
  for (const token of prompt) logits = step(token, position++, tail);
  while (answer.length < 12) {
    const likeliest = logits.indexOf(logits.reduce((most, one) => Math.max(most, one), -Infinity));
    if (likeliest === end) break;
    answer.push(likeliest);
    logits = step(likeliest, position++, tail);
  }
  return detokenize(answer);
}

/* 4. The demonstration. */

const filler = (name: string): string =>
  `export function ${name}(items) {\n  for (const item of items) {\n    if (item) return item;\n  }\n}\n`;
export const source = [
  '<|bos|><|im_start|>system\nYou answer questions about the repository.<|im_end|>\n',
  '<|repo_name|>toy\n<|file_sep|>src/limits.ts\n',
  ...['firstItem', 'nextThing'].map(filler),
  'export const retryLimit = 4821;\n',
  ...['lastEntry', 'oneMore', 'someValue'].map(filler),
].join('');
export const question = 'What is the value of retryLimit?';

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const tokens = tokenize(source);
  const budget = Math.floor(tokens.length / 4);
  const random = (rows: readonly Row[]): number[] => rows.map(() => Math.random());
  const answers = [
    ['everything held', read(tokens)],
    [`${String(budget)} of ${String(tokens.length)} tokens, by KeyDiff`, read(tokens, budget)],
    [
      `${String(budget)} of ${String(tokens.length)} tokens, at random`,
      read(tokens, budget, random),
    ],
  ] as const;
  process.stdout.write(`${question}\n`);
  for (const [what, cache] of answers) {
    process.stdout.write(`${what}: ${ask(cache, tokens.length, question)}\n`);
  }
}
