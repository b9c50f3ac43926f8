/** Reads the headers of models that mix attention layers with recurrent ones. */

import { InvalidGguf } from './gguf-reader.ts';

/** The kinds of recurrent layers, by family. */
export type RecurrentKind =
  | 'delta-net'
  | 'mamba'
  | 'mamba2'
  /** With an inner width of twice the model's. */
  | 'mamba2-double'
  | 'short-convolution';

/** Numbers in the metadata of one architecture. */
export interface MetadataNumbers {
  /** The largest of a number or of numbers; 0 if there are none. */
  largest(key: string): number;
  /** One number per layer; null if there is no such array. */
  list(key: string): readonly number[] | null;
}

export interface RecurrentLayers {
  /** Attention layers, which hold keys and values. */
  readonly attending: number;
  /** Bytes of one state of all recurrent layers together. */
  readonly stateBytes: number;
}

/** The model's sizes that the recurrent layers must fit. */
export interface MixedModel {
  /** All layers that llama.cpp runs. */
  readonly layers: number;
  readonly embedding: number;
  /** The number of values in all query heads of a layer. */
  readonly queries: number;
}

/** No valid size reaches this limit, so products of two are exact. */
const mostNumbers = 1 << 24;
const floatBytes = 4;

/** Reads the sizes in a header by key. */
class Sizes {
  readonly #keys: MetadataNumbers;

  constructor(keys: MetadataNumbers) {
    this.#keys = keys;
  }

  /** @throws InvalidGguf unless it is an integer of at least `least` */
  required(key: string, least = 1): number {
    const value = this.#keys.largest(key);
    if (!Number.isInteger(value) || value < least || value > mostNumbers) {
      throw new InvalidGguf(`${key} is ${String(value)}, which no recurrent layer can have`);
    }
    return value;
  }
}

/**
 * Attention layers have KV heads; Qwen lists recurrent layers or an interval. @throws InvalidGguf
 */
function attendingLayers(keys: MetadataNumbers, kind: RecurrentKind, layers: number): number {
  if (kind !== 'delta-net') {
    const heads = keys.list('attention.head_count_kv');
    return heads === null ? layers : heads.slice(0, layers).filter((count) => count > 0).length;
  }
  const recurrent = keys.list('attention.recurrent_layers');
  if (recurrent !== null) return recurrent.slice(0, layers).filter((flag) => flag === 0).length;
  const interval = keys.largest('full_attention_interval');
  // llama.cpp divides by it.
  if (keys.list('full_attention_interval') !== null || !Number.isInteger(interval)) {
    throw new InvalidGguf('full_attention_interval is not a count');
  }
  return Math.floor(layers / (interval === 0 ? 4 : interval));
}

/** The numbers in one layer's state. llama.cpp aborts the process on inconsistent sizes. */
function stateNumbers(keys: MetadataNumbers, kind: RecurrentKind, embedding: number): number {
  const sizes = new Sizes(keys);
  if (kind === 'short-convolution') {
    if (keys.largest('expert_feed_forward_length') > 0) {
      sizes.required('expert_count');
      sizes.required('expert_used_count');
    }
    return embedding * (sizes.required('shortconv.l_cache', 2) - 1);
  }
  const kernel = sizes.required('ssm.conv_kernel', 2);
  const inner = sizes.required('ssm.inner_size');
  const state = sizes.required('ssm.state_size');
  const heads = sizes.required('ssm.time_step_rank');
  const groups = kind === 'mamba' ? 0 : sizes.required('ssm.group_count');
  const fit =
    kind === 'mamba'
      ? inner === 2 * embedding
      : kind === 'delta-net'
        ? inner === state * heads && heads % groups === 0
        : inner % heads === 0 &&
          inner % groups === 0 &&
          heads % groups === 0 &&
          (kind === 'mamba2' || inner === 2 * embedding);
  if (!fit) {
    throw new InvalidGguf('the sizes of its recurrent layers (ssm) do not fit each other');
  }
  return (kernel - 1) * (inner + 2 * groups * state) + state * inner;
}

/**
 * Reads the layers of such a model from its header.
 * @throws InvalidGguf if the sizes contradict each other, or no layer attends
 */
export function recurrentLayers(
  keys: MetadataNumbers,
  kind: RecurrentKind,
  { layers, embedding, queries }: MixedModel,
): RecurrentLayers {
  // llama.cpp assumes that these families' queries are as wide as the model.
  if ((kind === 'mamba' || kind === 'short-convolution') && queries !== embedding) {
    throw new InvalidGguf(
      `its heads have ${String(queries)} values, and its layers ${String(embedding)}`,
    );
  }
  const attending = attendingLayers(keys, kind, layers);
  if (attending === 0) throw new InvalidGguf('none of its layers attends');
  // A layer may also be a feed-forward network alone.
  const networks = (keys.list('feed_forward_length') ?? [])
    .slice(0, layers)
    .filter((size) => size > 0).length;
  const others = kind === 'mamba2' && networks < layers ? networks : 0;
  const recurrent = Math.max(0, layers - attending - others);
  return {
    attending,
    stateBytes: recurrent * stateNumbers(keys, kind, embedding) * floatBytes,
  };
}
