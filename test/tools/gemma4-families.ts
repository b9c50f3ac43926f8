/** The forms of Gemma 4, which share one name: dense, with experts, and with layers that share keys. */

import type { ExtraTensor, Family } from './families.ts';
import { experts, matrix, numbers, uint32, vector } from './families.ts';
import type { GgufValue } from './gguf-writer.ts';
import type { ModelShape } from './random-gguf.ts';

/** Tokens that a token sees, far fewer than the trained context. */
const window = 96;
/** Values of the embedding that each layer has of a token. */
const perLayer = 16;

const float = (value: number): GgufValue => ({ type: 'float32', value });

/** Every second layer attends to all tokens. */
const attendsToAll = (layer: number): boolean => layer % 2 === 1;

const byLayer = <Value>({ layers }: ModelShape, value: (layer: number) => Value): Value[] =>
  Array.from({ length: layers }, (_, layer) => value(layer));

/** Layers that attend to all tokens have longer heads, and fewer for keys and values. */
function layerShape(shape: ModelShape, layer: number): ModelShape {
  return attendsToAll(layer)
    ? { ...shape, headSize: 2 * shape.headSize, kvHeads: shape.kvHeads / 2 }
    : shape;
}

function metadata(shape: ModelShape): Record<string, GgufValue> {
  const { headSize, kvHeads } = shape;
  return {
    'attention.sliding_window': uint32(window),
    'attention.sliding_window_pattern': {
      type: 'bools',
      value: byLayer(shape, (layer) => !attendsToAll(layer)),
    },
    'attention.head_count_kv': {
      type: 'int32s',
      value: byLayer(shape, (layer) => (attendsToAll(layer) ? kvHeads / 2 : kvHeads)),
    },
    'attention.key_length': uint32(2 * headSize),
    'attention.value_length': uint32(2 * headSize),
    'attention.key_length_swa': uint32(headSize),
    'attention.value_length_swa': uint32(headSize),
    'attention.shared_kv_layers': uint32(0),
    'rope.dimension_count': uint32(2 * headSize),
    'rope.dimension_count_swa': uint32(headSize),
    'rope.freq_base_swa': float(10_000),
    embedding_length_per_layer_input: uint32(0),
    final_logit_softcapping: float(30),
  };
}

/** Products are not scaled, so the norms are small. */
function attentionTensors({ width, headSize }: ModelShape): ExtraTensor[] {
  return [
    vector('attn_q_norm.weight', headSize, 0.6),
    vector('attn_k_norm.weight', headSize, 0.6),
    vector('post_attention_norm.weight', width, 6),
    vector('post_ffw_norm.weight', width, 6),
    vector('layer_output_scale.weight', 1, 0.7),
  ];
}

/** A quarter of the pairs of a long head is rotated. */
function rotation({ headSize }: ModelShape): ExtraTensor {
  const values = Array.from({ length: headSize }, (_, pair) => (pair < headSize / 4 ? 1 : 1e30));
  return { kind: 'exact', name: 'rope_freqs.weight', values };
}

const dense = {
  architecture: 'gemma4',
  layer: layerShape,
  metadata,
  tensors: attentionTensors,
  model: (shape: ModelShape) => [rotation(shape)],
  /** The keys are the values as well, but for their norm and rotation. */
  without: (layer: number) => (attendsToAll(layer) ? ['attn_v.weight'] : []),
  tied: true,
} satisfies Family;

/** By the name of the architecture, and of its form. */
export const gemma4Families: Readonly<
  Record<'gemma4' | 'gemma4-experts' | 'gemma4-shared', Family>
> = {
  gemma4: dense,
  /** Experts beside the network. */
  'gemma4-experts': {
    ...dense,
    metadata: (shape) => ({
      ...metadata(shape),
      expert_count: uint32(experts),
      expert_used_count: uint32(2),
      expert_feed_forward_length: uint32(shape.feedForward / 2),
    }),
    tensors: (shape) => [
      ...attentionTensors(shape),
      matrix('ffn_gate_inp', shape.width, experts),
      numbers('ffn_gate_inp.scale', [shape.width], 1),
      vector('pre_ffw_norm_2.weight', shape.width, 1),
      vector('post_ffw_norm_1.weight', shape.width, 1),
      vector('post_ffw_norm_2.weight', shape.width, 1),
      matrix('ffn_gate_up_exps', shape.width, shape.feedForward, experts),
      matrix('ffn_down_exps', shape.feedForward / 2, shape.width, experts),
      numbers('ffn_down_exps.scale', [experts], 1),
    ],
  },
  /**
   * The second half of the layers reads the keys of the first, and each has embeddings of its own. All
   * have the same number of KV heads.
   */
  'gemma4-shared': {
    ...dense,
    layer: (shape, layer) =>
      attendsToAll(layer) ? { ...shape, headSize: 2 * shape.headSize } : shape,
    without: () => [],
    metadata: (shape) => ({
      ...metadata(shape),
      'attention.head_count_kv': uint32(shape.kvHeads),
      'attention.shared_kv_layers': uint32(shape.layers / 2),
      embedding_length_per_layer_input: uint32(perLayer),
    }),
    model: (shape) => [
      rotation(shape),
      matrix('per_layer_token_embd', perLayer * shape.layers, shape.vocabulary),
      matrix('per_layer_model_proj', shape.width, perLayer * shape.layers),
      vector('per_layer_proj_norm.weight', perLayer, 1),
    ],
    tensors: (shape) => [
      ...attentionTensors(shape),
      matrix('inp_gate', shape.width, perLayer),
      matrix('proj', perLayer, shape.width),
      vector('post_norm.weight', shape.width, 3),
    ],
  },
};
