import type { Budget } from '../protocol/engine.ts';

export interface KvShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly kvType: 'f16' | 'q8_0';
}

/** Bytes of the keys and values of `tokens` tokens in every layer and KV head. */
export function kvBytes(shape: KvShape, tokens: number): number {
  throw new Error(`Not written yet: ${String(shape.layers * tokens)}`);
}

/** The budget in tokens per (layer, KV head): rounded down, at least 1. */
export function budgetTokens(budget: Budget, shape: KvShape, repositoryTokens: number): number {
  throw new Error(`Not written yet: ${budget.unit} ${String(shape.layers * repositoryTokens)}`);
}
