import type { Budget } from '../protocol/budget.ts';
import type { KvType } from '../protocol/policies.ts';
import type { AttentionLayer, LayerTable } from './layer-table.ts';
import { chosenLayers, windowLayers } from './layer-table.ts';

export interface KvShape {
  readonly table: LayerTable;
  readonly kvType: KvType;
  /**
   * Whether keys move to other positions, as in a stream beyond the trained context; default no.
   */
  readonly movesKeys?: boolean;
}

/** The values in a block, and its bytes: quantised blocks have a 16-bit scale. */
const blocks = {
  f16: { values: 1, bytes: 2 },
  q8_0: { values: 32, bytes: 34 },
  q4_0: { values: 32, bytes: 18 },
} as const satisfies Record<KvType, { values: number; bytes: number }>;

/** llama.cpp rotates quantised heads in blocks of 64, if the head size is a multiple of 64. */
const rotatedValues = 64;

/** A layer with a window has room for a multiple of so many rows before a chunk or a tail. */
const windowGranule = 32;

/**
 * Bytes of a token in a layer: its key, its value and, if moving the key would lose too much
 * precision, its original key. The same rule as `Storage::of` in native-kernels/store/kv_pool.cpp.
 */
function tokenBytes(
  { kvType, movesKeys = false }: KvShape,
  { kvHeads, headSize, valueSize = headSize }: AttentionLayer,
): number {
  const { values, bytes } = blocks[kvType];
  const sizeOf = (numbers: number): number => Math.ceil(numbers / values) * bytes;
  // llama.cpp does not rotate keys that hold their values.
  const rotated = valueSize > 0 && headSize % rotatedValues === 0;
  const fine = kvType === 'f16' || (kvType === 'q8_0' && rotated);
  const keys = movesKeys && !fine ? 2 : 1;
  return kvHeads * (keys * sizeOf(headSize) + sizeOf(valueSize));
}

/** Bytes of the keys and values of `tokens` tokens in every layer and KV head that a budget is of. */
export function kvBytes(shape: KvShape, tokens: number): number {
  const each = chosenLayers(shape.table).map((layer) => tokenBytes(shape, layer));
  return each.reduce((sum, bytes) => sum + bytes, 0) * tokens;
}

/** Bytes of the layers that attend through a window, with `working` rows behind the newest tokens. */
function windowBytes(shape: KvShape, working: number): number {
  const each = windowLayers(shape.table).map((layer) => {
    const rows = Math.ceil((layer.window - 1) / windowGranule) * windowGranule;
    return tokenBytes(shape, layer) * (rows + working);
  });
  return each.reduce((sum, bytes) => sum + bytes, 0);
}

/** All bytes of a memory of `tokens` tokens per KV head, with `working` rows for chunk and tails. */
export function memoryBytes(shape: KvShape, tokens: number, working: number): number {
  return kvBytes(shape, tokens + working) + windowBytes(shape, working);
}

/** Tokens per KV head of the largest memory of so many bytes; negative where there is none. */
export function tokensThatFit(shape: KvShape, bytes: number, working: number): number {
  return Math.floor((bytes - windowBytes(shape, working)) / kvBytes(shape, 1)) - working;
}

/**
 * The budget in tokens per layer and KV head: rounded down, at least 1.
 * @param repositoryTokens of the whole stream; percentages refer to it
 */
export function budgetTokens(budget: Budget, shape: KvShape, repositoryTokens: number): number {
  switch (budget.unit) {
    case 'tokens':
      return Math.max(1, Math.floor(budget.value));
    case 'percent':
      return Math.max(1, Math.floor((budget.value / 100) * repositoryTokens));
    case 'mebibytes':
      return Math.max(1, Math.floor((budget.value * 2 ** 20) / kvBytes(shape, 1)));
  }
}
