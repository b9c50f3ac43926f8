/** Families that compress keys and values (MLA). */

import type { ExtraTensor, Family } from './families.ts';
import { experts, expertTensors, matrix, predictingTensors, uint32, vector } from './families.ts';
import type { GgufValue } from './gguf-writer.ts';
import type { ModelShape } from './random-gguf.ts';

const float = (value: number): GgufValue => ({ type: 'float32', value });

/** Sizes by that of a head, which is that of its values. */
function sizesOf({ headSize }: ModelShape): Record<'rank' | 'rotated' | 'plain' | 'key', number> {
  const rotated = headSize;
  const plain = 2 * headSize;
  return { rank: 3 * headSize, rotated, plain, key: plain + rotated };
}

/** Values that queries are made from, where these are compressed as well. */
const queryRank = 48;

/** One layer with a network, then layers of experts, of which one is always used. */
function networkTensors(shape: ModelShape, layer: number): readonly ExtraTensor[] {
  const { width, feedForward } = shape;
  return layer === 0
    ? []
    : [
        ...expertTensors(shape),
        matrix('ffn_gate_shexp', width, feedForward),
        matrix('ffn_up_shexp', width, feedForward),
        matrix('ffn_down_shexp', feedForward, width),
      ];
}

function latentTensors(shape: ModelShape): ExtraTensor[] {
  const { rank, rotated } = sizesOf(shape);
  return [
    matrix('attn_kv_a_mqa', shape.width, rank + rotated),
    vector('attn_kv_a_norm.weight', rank, 1),
  ];
}

/** What makes keys and values of the row is part of the queries and of the output. */
function absorbedTensors(shape: ModelShape): ExtraTensor[] {
  const { heads, headSize } = shape;
  const { rank, plain } = sizesOf(shape);
  return [
    ...latentTensors(shape),
    matrix('attn_k_b', plain, rank, heads),
    matrix('attn_v_b', rank, headSize, heads),
  ];
}

const queryTensor = (shape: ModelShape): ExtraTensor =>
  matrix('attn_q', shape.width, shape.heads * sizesOf(shape).key);

function expertMetadata({ feedForward }: ModelShape): Record<string, GgufValue> {
  return {
    expert_count: uint32(experts),
    expert_used_count: uint32(2),
    expert_shared_count: uint32(1),
    expert_feed_forward_length: uint32(feedForward),
    leading_dense_block_count: uint32(1),
  };
}

function metadata(shape: ModelShape): Record<string, GgufValue> {
  const { rank, rotated, key } = sizesOf(shape);
  return {
    ...expertMetadata(shape),
    'attention.kv_lora_rank': uint32(rank),
    'attention.q_lora_rank': uint32(0),
    'attention.head_count_kv': uint32(1),
    'attention.key_length': uint32(rank + rotated),
    'attention.value_length': uint32(rank),
    'attention.key_length_mla': uint32(key),
    'attention.value_length_mla': uint32(shape.headSize),
    'rope.dimension_count': uint32(rotated),
  };
}

/** As DeepSeek states it: the trained context is a multiple of the one before. */
function stretched({ context }: ModelShape): Record<string, GgufValue> {
  return {
    'rope.scaling.type': { type: 'string', value: 'yarn' },
    'rope.scaling.factor': float(4),
    'rope.scaling.original_context_length': uint32(context / 4),
    'rope.scaling.yarn_log_multiplier': float(0.0707),
  };
}

const without = (layer: number): readonly string[] => [
  ...['attn_q.weight', 'attn_k.weight', 'attn_v.weight'],
  ...(layer === 0 ? [] : ['ffn_gate.weight', 'ffn_up.weight', 'ffn_down.weight']),
];

/** By the name of the architecture, and of its form. */
export const latentFamilies: Readonly<
  Record<'deepseek2' | 'deepseek2-queries' | 'deepseek2-heads', Family>
> = {
  /** As DeepSeek-Coder-V2-Lite. */
  deepseek2: {
    architecture: 'deepseek2',
    metadata: (shape) => ({
      ...metadata(shape),
      ...stretched(shape),
      expert_weights_scale: float(1),
    }),
    tensors: (shape, layer) => [
      queryTensor(shape),
      ...absorbedTensors(shape),
      ...networkTensors(shape, layer),
    ],
    without,
  },
  /**
   * As GLM-4.7-Flash: queries are compressed as well, experts are chosen otherwise, and a last layer
   * predicts several tokens (MTP).
   */
  'deepseek2-queries': {
    architecture: 'deepseek2',
    metadata: (shape) => ({
      ...metadata(shape),
      'attention.q_lora_rank': uint32(queryRank),
      expert_weights_scale: float(1.8),
      expert_weights_norm: { type: 'bool', value: true },
      expert_gating_func: uint32(2),
      nextn_predict_layers: uint32(1),
    }),
    tensors: (shape, layer) => [
      matrix('attn_q_a', shape.width, queryRank),
      vector('attn_q_a_norm.weight', queryRank, 1),
      matrix('attn_q_b', queryRank, shape.heads * sizesOf(shape).key),
      ...absorbedTensors(shape),
      ...networkTensors(shape, layer),
      ...(layer === 0 ? [] : [vector('exp_probs_b.bias', experts, 0)]),
      ...(layer < shape.layers - 1 ? [] : predictingTensors(shape)),
    ],
    without,
  },
  /** A file of before April 2025: every head has keys and values, of different sizes. */
  'deepseek2-heads': {
    architecture: 'deepseek2',
    metadata: (shape) => {
      const { rank, rotated, key } = sizesOf(shape);
      return {
        ...expertMetadata(shape),
        ...stretched(shape),
        'attention.kv_lora_rank': uint32(rank),
        'attention.q_lora_rank': uint32(0),
        'attention.head_count_kv': uint32(shape.heads),
        'attention.key_length': uint32(key),
        'attention.value_length': uint32(shape.headSize),
        'rope.dimension_count': uint32(rotated),
        expert_weights_scale: float(1),
      };
    },
    tensors: (shape, layer) => {
      const { rank, plain } = sizesOf(shape);
      return [
        queryTensor(shape),
        ...latentTensors(shape),
        matrix('attn_kv_b', rank, shape.heads * (plain + shape.headSize)),
        ...networkTensors(shape, layer),
      ];
    },
    without,
  },
};
