import type { Budget } from '../protocol/budget.ts';
import type { KvType } from '../protocol/policies.ts';

export interface KvShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headSize: number;
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

/** Bytes of one key or value row of one KV head. */
function rowBytes({ kvType, headSize }: KvShape): number {
  const { values, bytes } = blocks[kvType];
  return Math.ceil(headSize / values) * bytes;
}

/**
 * Rows per token: its key, its value and, if moving the key would lose too much precision, its
 * original key. The same rule as `Storage::of` in native-kernels/store/kv_pool.cpp.
 */
function rowsPerToken({ kvType, headSize, movesKeys = false }: KvShape): number {
  const fine = kvType === 'f16' || (kvType === 'q8_0' && headSize % rotatedValues === 0);
  return movesKeys && !fine ? 3 : 2;
}

/** Bytes of the keys and values of `tokens` tokens in every layer and KV head. */
export function kvBytes(shape: KvShape, tokens: number): number {
  return rowsPerToken(shape) * shape.layers * shape.kvHeads * rowBytes(shape) * tokens;
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
