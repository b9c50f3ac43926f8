/** Families of which some layers attend through a window. */

import type { GgufValue } from './gguf-writer.ts';
import type { Family } from './families.ts';
import { experts, expertTensors, matrix, norms, numbers, uint32, vector } from './families.ts';
import type { ModelShape } from './random-gguf.ts';

/** Tokens that a token sees, far fewer than the trained context. */
const window = 96;

/** Every second layer attends to all tokens. */
const everySecond: Record<string, GgufValue> = {
  'attention.sliding_window': uint32(window),
  'attention.sliding_window_pattern': uint32(2),
};

const float = (value: number): GgufValue => ({ type: 'float32', value });

function expertBiases({ width, feedForward }: ModelShape): ReturnType<typeof numbers>[] {
  return [
    vector('ffn_gate_inp.bias', experts, 0),
    numbers('ffn_gate_exps.bias', [feedForward, experts], 0),
    numbers('ffn_up_exps.bias', [feedForward, experts], 0),
    numbers('ffn_down_exps.bias', [width, experts], 0),
  ];
}

/** The order of the layers is left to the family: in these, the last of four attends to all tokens. */
const lastOfFour: Record<string, GgufValue> = { 'attention.sliding_window': uint32(window) };

/** By the name in `general.architecture`. */
export const windowFamilies = {
  /** Two rope bases, and norms behind attention and the network; its embeddings are scaled up. */
  gemma3: {
    metadata: () => ({ ...everySecond, 'rope.freq_base_swa': float(10_000) }),
    tensors: (shape) => [
      ...norms(shape),
      vector('post_attention_norm.weight', shape.width, 6),
      vector('post_ffw_norm.weight', shape.width, 6),
    ],
  },
  /**
   * Products and logits approach bounds (soft-capping): those before the softmax so low that many are
   * bent. The embeddings are the output's matrix.
   */
  gemma2: {
    metadata: () => ({
      ...everySecond,
      attn_logit_softcapping: float(2),
      final_logit_softcapping: float(30),
    }),
    tensors: (shape) => [
      vector('post_attention_norm.weight', shape.width, 6),
      vector('post_ffw_norm.weight', shape.width, 6),
    ],
    tied: true,
  },
  /** Sinks, experts, and biases on all but the keys' norms; no norm is called the network's. */
  'gpt-oss': {
    metadata: ({ feedForward }) => ({
      ...everySecond,
      expert_count: uint32(experts),
      expert_used_count: uint32(2),
      expert_feed_forward_length: uint32(feedForward),
    }),
    tensors: (shape) => [
      vector('attn_q.bias', shape.heads * shape.headSize, 0),
      vector('attn_k.bias', shape.kvHeads * shape.headSize, 0),
      vector('attn_v.bias', shape.kvHeads * shape.headSize, 0),
      vector('attn_output.bias', shape.width, 0),
      vector('attn_sinks.weight', shape.heads, 2),
      vector('post_attention_norm.weight', shape.width, 1),
      ...expertTensors(shape),
      ...expertBiases(shape),
    ],
    without: () => ['ffn_norm.weight', 'ffn_gate.weight', 'ffn_up.weight', 'ffn_down.weight'],
  },
  /**
   * More query heads in layers with a window, a gate behind each head, experts beside a shared one, and
   * a rotation that is stretched (YaRN) where layers attend to all tokens.
   */
  laguna: {
    layer: (shape: ModelShape, layer: number): ModelShape =>
      layer === 0 ? shape : { ...shape, heads: 2 * shape.heads },
    metadata: ({ layers, heads, headSize, feedForward, context }) => ({
      'attention.sliding_window': uint32(window),
      'attention.head_count': {
        type: 'int32s',
        value: Array.from({ length: layers }, (_, layer) => (layer === 0 ? heads : 2 * heads)),
      },
      'rope.dimension_count': uint32(headSize / 2),
      'rope.dimension_count_swa': uint32(headSize),
      'rope.freq_base_swa': float(10_000),
      'rope.scaling.type': { type: 'string', value: 'yarn' },
      'rope.scaling.factor': float(4),
      'rope.scaling.original_context_length': uint32(context / 4),
      leading_dense_block_count: uint32(1),
      expert_count: uint32(experts),
      expert_used_count: uint32(2),
      expert_feed_forward_length: uint32(feedForward),
      expert_shared_feed_forward_length: uint32(feedForward / 2),
      expert_weights_norm: { type: 'bool', value: true },
      expert_weights_scale: float(2.5),
      expert_gating_func: uint32(2),
    }),
    tensors: (shape, layer) => [
      ...norms(shape),
      matrix('attn_gate', shape.width, shape.heads),
      ...(layer === 0
        ? []
        : [
            ...expertTensors(shape),
            vector('exp_probs_b.bias', experts, 0),
            matrix('ffn_gate_shexp', shape.width, shape.feedForward / 2),
            matrix('ffn_up_shexp', shape.width, shape.feedForward / 2),
            matrix('ffn_down_shexp', shape.feedForward / 2, shape.width),
          ]),
    ],
    without: (layer) =>
      layer === 0 ? [] : ['ffn_gate.weight', 'ffn_up.weight', 'ffn_down.weight'],
  },
  /** Experts. */
  mellum: {
    metadata: ({ feedForward }) => ({
      ...lastOfFour,
      expert_count: uint32(experts),
      expert_used_count: uint32(2),
      expert_feed_forward_length: uint32(feedForward),
    }),
    tensors: (shape) => [...norms(shape), ...expertTensors(shape)],
    without: () => ['ffn_gate.weight', 'ffn_up.weight', 'ffn_down.weight'],
  },
  /** Norms behind attention and the network alone, and over all heads at once. */
  olmo2: {
    metadata: () => lastOfFour,
    tensors: (shape) => [
      vector('attn_q_norm.weight', shape.heads * shape.headSize, 1.5),
      vector('attn_k_norm.weight', shape.kvHeads * shape.headSize, 1.5),
      vector('post_attention_norm.weight', shape.width, 1),
      vector('post_ffw_norm.weight', shape.width, 1),
    ],
    without: () => ['attn_norm.weight', 'ffn_norm.weight'],
  },
} as const satisfies Record<string, Family>;
