/** Additional layers and metadata of model families, compared with Llama. */

import type { GgufValue } from './gguf-writer.ts';
import type { ModelShape } from './random-gguf.ts';

/** Vectors and matrices of a layer, by the name after `blk.N.`. */
export type ExtraTensor =
  /** Of f32, by its whole name. */
  | {
      readonly kind: 'numbers';
      readonly name: string;
      readonly shape: readonly number[];
      readonly mean: number;
    }
  /** Of f16; its name ends `.weight`. */
  | { readonly kind: 'matrix'; readonly name: string; readonly shape: readonly number[] }
  /** Of f32, by its whole name: these numbers. */
  | { readonly kind: 'exact'; readonly name: string; readonly values: readonly number[] };

export interface Family {
  /** The name in `general.architecture`, if several families share it. */
  readonly architecture?: string;
  /** The shape of a layer, if layers differ. */
  readonly layer?: (shape: ModelShape, layer: number) => ModelShape;
  /** Tensors of the whole model. */
  readonly model?: (shape: ModelShape) => readonly ExtraTensor[];
  /** Whether the embeddings are the output's matrix as well. */
  readonly tied?: true;
  /** Metadata under the architecture's name. */
  readonly metadata?: (shape: ModelShape) => Record<string, GgufValue>;
  /** `shape`: that of the layer. */
  readonly tensors?: (shape: ModelShape, layer: number) => readonly ExtraTensor[];
  /** Tensors of Llama's layers that it lacks. */
  readonly without?: (layer: number) => readonly string[];
  /** The name of the norm before the output, if it differs from Llama's. */
  readonly outputNorm?: string;
}

export const numbers = (name: string, shape: readonly number[], mean: number): ExtraTensor => ({
  kind: 'numbers',
  name,
  shape,
  mean,
});

export const vector = (name: string, size: number, mean: number): ExtraTensor =>
  numbers(name, [size], mean);

export const matrix = (name: string, ...shape: number[]): ExtraTensor => ({
  kind: 'matrix',
  name,
  shape,
});

function biases({ heads, kvHeads, headSize }: ModelShape): ExtraTensor[] {
  return [
    vector('attn_q.bias', heads * headSize, 0),
    vector('attn_k.bias', kvHeads * headSize, 0),
    vector('attn_v.bias', kvHeads * headSize, 0),
  ];
}

export function norms({ headSize }: ModelShape): ExtraTensor[] {
  return [vector('attn_q_norm.weight', headSize, 1.5), vector('attn_k_norm.weight', headSize, 1.5)];
}

/** The three sections of a head's pairs in these families: 1/4, 3/8, 3/8. */
function sections({ headSize }: ModelShape): Record<string, GgufValue> {
  const pairs = headSize / 2;
  const height = (3 * pairs) / 8;
  return {
    'rope.dimension_sections': {
      type: 'int32s',
      value: [pairs - 2 * height, height, height, 0],
    },
  };
}

/** Interleaved as in Qwen3-VL: each of the three has every third pair. */
function interleaved({ headSize }: ModelShape): Record<string, GgufValue> {
  const third = Math.ceil(headSize / 6);
  return { 'rope.dimension_sections': { type: 'int32s', value: [third, third, third, 0] } };
}

export const experts = 4;

/** A layer of experts in place of the feed-forward network. */
export function expertTensors({ width, feedForward }: ModelShape): ExtraTensor[] {
  return [
    matrix('ffn_gate_inp', width, experts),
    matrix('ffn_gate_exps', width, feedForward, experts),
    matrix('ffn_up_exps', width, feedForward, experts),
    matrix('ffn_down_exps', feedForward, width, experts),
  ];
}

/** What a last layer that predicts several tokens (MTP) has beside its own. */
export const predictingTensors = ({ width }: ModelShape): ExtraTensor[] => [
  matrix('nextn.eh_proj', 2 * width, width),
  vector('nextn.enorm.weight', width, 1),
  vector('nextn.hnorm.weight', width, 1),
];

export const uint32 = (value: number): GgufValue => ({ type: 'uint32', value });

/** By the name in `general.architecture`, unless they state it. */
export const families = {
  llama: {},
  /** Biases on q, k and v. */
  qwen2: { tensors: biases },
  /** Norms on q and k. */
  qwen3: { tensors: norms },
  /** M-RoPE: positions of several dimensions. */
  qwen2vl: { tensors: biases, metadata: sections },
  /** M-RoPE whose dimensions are interleaved. */
  qwen3vl: { tensors: norms, metadata: interleaved },
  /** No rotation in every fourth layer. */
  smollm3: {},
  /** Norms after attention and the network, none before them. */
  exaone4: {
    tensors: (shape) => [
      ...norms(shape),
      vector('post_attention_norm.weight', shape.width, 1),
      vector('post_ffw_norm.weight', shape.width, 1),
    ],
    without: () => ['attn_norm.weight', 'ffn_norm.weight'],
  },
  /** A name unknown to Loci: experts, and a last layer that predicts several tokens (MTP). */
  glm4moe: {
    metadata: ({ feedForward }) => ({
      nextn_predict_layers: uint32(1),
      expert_count: uint32(experts),
      expert_used_count: uint32(2),
      expert_shared_count: uint32(0),
      expert_feed_forward_length: uint32(feedForward),
      leading_dense_block_count: uint32(1),
    }),
    tensors: (shape, layer) => [
      vector('post_attention_norm.weight', shape.width, 1),
      ...(layer === 0 ? [] : [...expertTensors(shape), vector('exp_probs_b.bias', experts, 0)]),
      ...(layer < shape.layers - 1 ? [] : predictingTensors(shape)),
    ],
    without: (layer) => [
      'ffn_norm.weight',
      ...(layer === 0 ? [] : ['ffn_gate.weight', 'ffn_up.weight', 'ffn_down.weight']),
    ],
  },
} as const satisfies Record<string, Family>;
