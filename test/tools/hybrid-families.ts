/**
 * Families that mix attention layers with recurrent ones: their additional layers and metadata,
 * compared with Llama.
 */
import type { ExtraTensor, Family } from './families.ts';
import { experts, expertTensors, matrix, norms, numbers, uint32, vector } from './families.ts';
import type { GgufValue } from './gguf-writer.ts';
import type { ModelShape } from './random-gguf.ts';

const kernel = 4;
/** A time step so small that a state decays over dozens of tokens, not at once. */
const slowly = -3;

const attentionTensors = [
  'attn_q.weight',
  'attn_k.weight',
  'attn_v.weight',
  'attn_output.weight',
] as const;
const networkTensors = ['ffn_gate.weight', 'ffn_up.weight', 'ffn_down.weight'] as const;

/** Every second layer from `first` on has KV heads. */
const alternate =
  (first: 0 | 1) =>
  (layer: number): boolean =>
    layer % 2 === first;
/** As in the Qwen families. */
const everyFourth = (layer: number): boolean => layer % 4 === 3;

/** KV heads by layer; 0 marks a recurrent layer. */
function headsByLayer(
  { layers, kvHeads }: ModelShape,
  attends: (layer: number) => boolean,
): Record<string, GgufValue> {
  const value = Array.from({ length: layers }, (_, layer) => (attends(layer) ? kvHeads : 0));
  return { 'attention.head_count_kv': { type: 'int32s', value } };
}

/** The sizes of the recurrent layers' states: `groups` of `state` numbers, `heads` times. */
interface Ssm {
  readonly inner: number;
  readonly state: number;
  readonly heads: number;
  readonly groups: number;
}

function ssmMetadata({ inner, state, heads, groups }: Ssm): Record<string, GgufValue> {
  return {
    'ssm.conv_kernel': uint32(kernel),
    'ssm.inner_size': uint32(inner),
    'ssm.state_size': uint32(state),
    'ssm.time_step_rank': uint32(heads),
    'ssm.group_count': uint32(groups),
  };
}

const deltaNet: Ssm = { inner: 128, state: 32, heads: 4, groups: 2 };

/** A gated delta net, as in Qwen's recurrent layers. `joint`: one projection for both gates. */
function deltaNetTensors({ width }: ModelShape, joint: boolean): ExtraTensor[] {
  const { inner, state, heads, groups } = deltaNet;
  const mixed = 2 * groups * state + inner;
  return [
    matrix('attn_qkv', width, mixed),
    matrix('attn_gate', width, inner),
    numbers('ssm_conv1d.weight', [kernel, mixed], 0),
    vector('ssm_dt.bias', heads, slowly),
    vector('ssm_a', heads, -1),
    ...(joint
      ? [matrix('ssm_ba', width, 2 * heads)]
      : [matrix('ssm_alpha', width, heads), matrix('ssm_beta', width, heads)]),
    vector('ssm_norm.weight', state, 1),
    matrix('ssm_out', inner, width),
  ];
}

/** Qwen's attention layers have a gate after attention, computed together with the queries. */
function gatedAttention(shape: ModelShape): ExtraTensor[] {
  return [matrix('attn_q', shape.width, 2 * shape.heads * shape.headSize), ...norms(shape)];
}

function sharedExpert({ width, feedForward }: ModelShape): ExtraTensor[] {
  return [
    vector('ffn_gate_inp_shexp.weight', width, 0),
    matrix('ffn_gate_shexp', width, feedForward),
    matrix('ffn_up_shexp', width, feedForward),
    matrix('ffn_down_shexp', feedForward, width),
  ];
}

function expertMetadata({ feedForward }: ModelShape): Record<string, GgufValue> {
  return {
    expert_count: uint32(experts),
    expert_used_count: uint32(2),
    expert_feed_forward_length: uint32(feedForward),
    expert_shared_feed_forward_length: uint32(feedForward),
  };
}

/** Half of a head is rotated. */
function partlyRotated({ headSize }: ModelShape): Record<string, GgufValue> {
  return { 'rope.dimension_count': uint32(headSize / 2) };
}

function qwen(options: {
  readonly experts: boolean;
  readonly joint: boolean;
  readonly sections: boolean;
}): Family {
  return {
    metadata: (shape) => ({
      ...ssmMetadata(deltaNet),
      ...partlyRotated(shape),
      ...(options.experts ? expertMetadata(shape) : {}),
      ...(options.sections
        ? { 'rope.dimension_sections': { type: 'int32s', value: [3, 3, 2, 0] } }
        : {}),
    }),
    tensors: (shape, layer) => [
      vector('post_attention_norm.weight', shape.width, 1),
      ...(everyFourth(layer) ? gatedAttention(shape) : deltaNetTensors(shape, options.joint)),
      ...(options.experts ? [...expertTensors(shape), ...sharedExpert(shape)] : []),
    ],
    without: (layer) => [
      'ffn_norm.weight',
      ...(everyFourth(layer) ? ['attn_q.weight'] : attentionTensors),
      ...(options.experts ? networkTensors : []),
    ],
  };
}

/** Short convolutions, whose state consists of their last inputs. */
function lfm2(options: { readonly experts: boolean }): Family {
  const attends = alternate(1);
  const expert = (layer: number): boolean => options.experts && layer > 0;
  return {
    metadata: (shape) => ({
      ...headsByLayer(shape, attends),
      'shortconv.l_cache': uint32(kernel),
      ...(options.experts
        ? {
            ...expertMetadata(shape),
            leading_dense_block_count: uint32(1),
            expert_gating_func: uint32(2),
          }
        : {}),
    }),
    tensors: (shape, layer) => [
      ...(attends(layer)
        ? norms(shape)
        : [
            numbers('shortconv.conv.weight', [kernel, shape.width], 0),
            matrix('shortconv.in_proj', shape.width, 3 * shape.width),
            matrix('shortconv.out_proj', shape.width, shape.width),
          ]),
      ...(expert(layer) ? [...expertTensors(shape), vector('exp_probs_b.bias', experts, 0)] : []),
    ],
    without: (layer) => [
      ...(attends(layer) ? [] : attentionTensors),
      ...(expert(layer) ? networkTensors : []),
    ],
    outputNorm: 'token_embd_norm.weight',
  };
}

const mamba2 = ({ width }: ModelShape): Ssm => ({
  inner: 2 * width,
  state: 16,
  heads: 4,
  groups: 2,
});

function mamba2Tensors(shape: ModelShape): ExtraTensor[] {
  const { inner, state, heads, groups } = mamba2(shape);
  const mixed = inner + 2 * groups * state;
  return [
    matrix('ssm_in', shape.width, inner + mixed + heads),
    numbers('ssm_conv1d.weight', [kernel, mixed], 0),
    vector('ssm_conv1d.bias', mixed, 0),
    vector('ssm_dt.bias', heads, slowly),
    numbers('ssm_a', [1, heads], -1),
    numbers('ssm_d', [1, heads], 1),
    numbers('ssm_norm.weight', [inner / groups, groups], 1),
    matrix('ssm_out', inner, shape.width),
  ];
}

const mamba = ({ width }: ModelShape): Ssm => ({
  inner: 2 * width,
  state: 16,
  heads: 8,
  groups: 0,
});

function mambaTensors(shape: ModelShape): ExtraTensor[] {
  const { inner, state, heads } = mamba(shape);
  return [
    matrix('ssm_in', shape.width, 2 * inner),
    numbers('ssm_conv1d.weight', [kernel, inner], 0),
    vector('ssm_conv1d.bias', inner, 0),
    matrix('ssm_x', inner, heads + 2 * state),
    vector('ssm_dt_norm.weight', heads, 1),
    matrix('ssm_dt', heads, inner),
    vector('ssm_dt.bias', inner, slowly),
    vector('ssm_b_norm.weight', state, 1),
    vector('ssm_c_norm.weight', state, 1),
    numbers('ssm_a', [state, inner], -1),
    vector('ssm_d', inner, 1),
    matrix('ssm_out', inner, shape.width),
  ];
}

/** A layer is recurrent, attention, or only a network. No layer rotates. */
function nemotron(options: { readonly experts: boolean }): Family {
  const [attention, network] = [1, 2];
  const withoutGate = (shape: ModelShape): ExtraTensor[] =>
    [...expertTensors(shape), ...sharedExpert(shape)].filter(
      ({ name }) => !/ffn_gate_(?:exps|shexp|inp_shexp)/u.test(name),
    );
  return {
    metadata: (shape) => ({
      ...headsByLayer(shape, (layer) => layer === attention),
      ...ssmMetadata(mamba2(shape)),
      ...(options.experts ? expertMetadata(shape) : {}),
      'attention.layer_norm_epsilon': { type: 'float32', value: 1e-5 },
      feed_forward_length: {
        type: 'int32s',
        value: Array.from({ length: shape.layers }, (_, layer) =>
          layer === network ? shape.feedForward : 0,
        ),
      },
    }),
    tensors: (shape, layer) =>
      layer === attention
        ? []
        : layer !== network
          ? mamba2Tensors(shape)
          : options.experts
            ? [...withoutGate(shape), vector('exp_probs_b.bias', experts, 0)]
            : [],
    without: (layer) => [
      'ffn_norm.weight',
      'ffn_gate.weight',
      ...(layer === attention ? [] : attentionTensors),
      ...(layer === network && !options.experts ? [] : ['ffn_up.weight', 'ffn_down.weight']),
    ],
  };
}

/** By the name in `general.architecture`. */
export const hybridFamilies = {
  qwen35: qwen({ experts: false, joint: false, sections: true }),
  qwen35moe: qwen({ experts: true, joint: false, sections: true }),
  qwen3next: qwen({ experts: true, joint: true, sections: false }),
  lfm2: lfm2({ experts: false }),
  lfm2moe: lfm2({ experts: true }),
  /** The first layer attends. */
  granitehybrid: {
    metadata: (shape) => ({
      ...headsByLayer(shape, alternate(0)),
      ...ssmMetadata(mamba2(shape)),
    }),
    tensors: (shape, layer) => (alternate(0)(layer) ? [] : mamba2Tensors(shape)),
    without: (layer) => (alternate(0)(layer) ? [] : attentionTensors),
  },
  /** No layer rotates. */
  jamba: {
    metadata: (shape) => ({
      ...headsByLayer(shape, alternate(1)),
      ...ssmMetadata(mamba(shape)),
    }),
    tensors: (shape, layer) => (alternate(1)(layer) ? [] : mambaTensors(shape)),
    without: (layer) => (alternate(1)(layer) ? [] : attentionTensors),
  },
  nemotron_h: nemotron({ experts: false }),
  nemotron_h_moe: nemotron({ experts: true }),
} as const satisfies Record<string, Family>;
