import type { Budget } from '../protocol/engine.ts';
import type { KvType } from '../protocol/policies.ts';

export interface KvShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly kvType: KvType;
}

/** Values in a block of q8_0, and the bytes of one: a 16-bit scale and a byte per value. */
const q8Values = 32;
const q8Bytes = 34;

/** Bytes of one key or value row of one KV head. */
function rowBytes(shape: KvShape): number {
  return shape.kvType === 'f16'
    ? 2 * shape.headSize
    : Math.ceil(shape.headSize / q8Values) * q8Bytes;
}

/** Bytes of the keys and values of `tokens` tokens in every layer and KV head. */
export function kvBytes(shape: KvShape, tokens: number): number {
  return 2 * shape.layers * shape.kvHeads * rowBytes(shape) * tokens;
}

/**
 * The budget in tokens per (layer, KV head): rounded down, at least 1.
 * @param repositoryTokens of the whole stream: what a percentage is of
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
