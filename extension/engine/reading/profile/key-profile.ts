/**
 * How much the layers of a model depend on what they no longer see: EpiCache's layer sensitivity
 * (arXiv 2509.17396).
 *
 * With σ the mean cosine between a token's keys under the full causal mask and under a mask that
 * shows the first tokens and a window before it, a layer's sensitivity is s = 1 − σ, and its share
 * of the budget goes with s². Deviations: up to 1,024 tokens of code read in pieces of 64, where each
 * token sees the first 32 and 224 to 288 before it, so that a quarter is held as for the other
 * profile (paper: blocks of 4,096 of which half overlaps, 128 sinks); σ is not spread over [0, 1]
 * first, as their code does: the first layer's keys do not depend on the text before, so its σ is 1
 * and spreading would change no ratio; weights below a quarter of the mean are raised to it, as in
 * their code, but the sum is then shared out anew, so that the total stays the budget.
 */

import type { LayerTable } from '../../../models/layer-table.ts';
import { chosenHeads, chosenLayers } from '../../../models/layer-table.ts';
import type { ModelMetadata } from '../../../models/validate.ts';
import { cancellable } from '../../native/cancellation.ts';
import { throwIfCancelled } from '../../core/errors.ts';
import type { NativeAddon, NativeMemory, NativeMemoryOptions } from '../../native/contract.ts';
import { StepProgress } from './step-progress.ts';
import type { MeasuringProgress } from './step-progress.ts';

const pieceTokens = 64;
const sinkTokens = 32;
const windowTokens = 224;
const exponent = 2;
const floorShare = 0.25;

/** What measuring asks of a memory. */
type Reader = Pick<NativeMemory, 'append' | 'keys' | 'dispose'>;

export interface KeyProfileRequest {
  readonly addon: Pick<NativeAddon, 'createCancellation'>;
  readonly model: { createMemory(options: NativeMemoryOptions): Promise<Reader> };
  readonly metadata: Pick<ModelMetadata, 'table'>;
  /** Whether every KV head has a weight of its own. */
  readonly heads: boolean;
  readonly threads: number;
  /** Hears how far the measuring is. */
  readonly onProgress?: ((progress: MeasuringProgress) => void) | undefined;
  /** Awaited between steps: what is more urgent goes first. */
  readonly between?: (() => Promise<void>) | undefined;
  readonly signal: AbortSignal;
}

/** Tokens of keys and values, and positions, that measuring with so many tokens takes. */
export function keyProfileNeeds(tokens: number): { room: number; positions: number } {
  const whole = tokens + pieceTokens;
  return { room: whole + sinkTokens + windowTokens + pieceTokens, positions: whole };
}

/**
 * Reads the tokens side by side into a memory that keeps them all and into one that keeps the first
 * and the newest, and compares the keys of each piece. Positions are the same in both, so the cosine
 * of rotated keys is that of the keys themselves.
 * @returns the weights of the layers, or of the heads layer by layer, with mean 1 before the floor
 * @throws EngineError `cancelled`; what the addon rejects with.
 */
export async function measureKeyProfile(
  request: KeyProfileRequest,
  tokens: Int32Array,
): Promise<Float64Array> {
  const { table } = request.metadata;
  const whole = await createMemory(request, tokens.length, tokens.length, 'full', {});
  try {
    const held = sinkTokens + windowTokens;
    const near = await createMemory(request, tokens.length, held, 'streaming', {
      sinks: String(sinkTokens),
      recent: String(windowTokens),
    });
    try {
      const sums = new Float64Array(chosenHeads(table).length);
      const progress = new StepProgress(tokens.length, request.onProgress ?? (() => undefined));
      for (let from = 0; from < tokens.length; from += pieceTokens) {
        await request.between?.();
        const piece = tokens.slice(from, from + pieceTokens);
        await progress.step(piece.length, async () => {
          await append(request, whole, piece);
          await append(request, near, piece);
          await addCosines(request, whole, near, piece.length, sums);
        });
      }
      const cosines = sums.map((sum) => sum / tokens.length);
      return keyWeights(request.heads ? cosines : layerMeans(cosines, table));
    } finally {
      near.dispose();
    }
  } finally {
    whole.dispose();
  }
}

/**
 * The weights of mean cosines: (1 − σ)², none below a quarter of the mean; only their ratios mean
 * something, and they are positive and finite. Where no key changed, all count alike. A σ that is
 * not a number counts as 1: no evidence of a need.
 */
export function keyWeights(cosines: ArrayLike<number>): Float64Array {
  const weights = Float64Array.from(cosines, (cosine) =>
    cosine < 1 ? (1 - Math.max(-1, cosine)) ** exponent : 0,
  );
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  if (!(mean > 0)) return weights.fill(1);
  return weights.map((weight) => Math.max(floorShare, weight / mean));
}

/**
 * The sum of the cosines between the last `count` rows of two arrays of rows, which may differ in
 * number. A key of length zero is like another such key, and unlike any other.
 */
export function cosinesOfLast(
  a: Float32Array,
  b: Float32Array,
  count: number,
  size: number,
): number {
  let sum = 0;
  for (let row = count; row > 0; row--) {
    let [product, ofA, ofB] = [0, 0, 0];
    for (let i = 0; i < size; i++) {
      const x = a[a.length - row * size + i] ?? 0;
      const y = b[b.length - row * size + i] ?? 0;
      product += x * y;
      ofA += x * x;
      ofB += y * y;
    }
    const norms = Math.sqrt(ofA * ofB);
    if (norms > 0) sum += product / norms;
    else if (ofA === ofB) sum += 1;
  }
  return sum;
}

/** The mean of each layer, of one value per KV head. */
function layerMeans(values: Float64Array, table: LayerTable): Float64Array {
  let first = 0;
  return Float64Array.from(chosenLayers(table), ({ kvHeads }) => {
    const own = values.subarray(first, first + kvHeads);
    first += kvHeads;
    return own.reduce((sum, value) => sum + value, 0) / kvHeads;
  });
}

async function addCosines(
  { metadata, signal }: KeyProfileRequest,
  whole: Reader,
  near: Reader,
  count: number,
  sums: Float64Array,
): Promise<void> {
  for (const [index, { layer, head }] of chosenHeads(metadata.table).entries()) {
    throwIfCancelled(signal);
    const all = await whole.keys(layer, head, count);
    const some = await near.keys(layer, head, count);
    sums[index] = (sums[index] ?? 0) + cosinesOfLast(all, some, count, all.length / count);
  }
}

function append(
  { addon, signal }: KeyProfileRequest,
  memory: Reader,
  tokens: Int32Array,
): Promise<void> {
  return cancellable(addon, signal, (cancellation) => memory.append(tokens, { cancellation }));
}

function createMemory(
  { addon, model, threads, signal }: KeyProfileRequest,
  streamTokens: number,
  budgetTokens: number,
  name: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Reader> {
  return cancellable(addon, signal, (cancellation) =>
    model.createMemory({
      budgetTokens: Math.max(pieceTokens, budgetTokens),
      chunkTokens: pieceTokens,
      policy: { name, parameters },
      kvType: 'f16',
      streamTokens,
      threads,
      cacheDirectory: null,
      cancellation,
    }),
  );
}
