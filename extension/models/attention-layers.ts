/** The layers that hold keys and values, if every layer of a model attends. */

import type { ArchitectureKeys } from './architecture-keys.ts';
import type { Windows } from './architectures.ts';
import { InvalidGguf } from './gguf-reader.ts';
import type { AttentionLayer } from './layer-table.ts';
import { layerWindows } from './windows.ts';

export interface AttentionLayers {
  readonly table: readonly AttentionLayer[];
  /** Of each layer that attends to all tokens. */
  readonly heads: number;
  readonly kvHeads: number;
}

/** Sizes that hold for the whole model. */
export interface AttendingModel {
  readonly layers: number;
  /** Of the layers that attend to all tokens. */
  readonly headSize: number;
  /** As of `AttentionLayer`; of models without windows. */
  readonly valueSize?: number;
}

/** @throws InvalidGguf if a list names too few layers */
function headsOf(
  keys: ArchitectureKeys,
  layers: number,
): readonly { readonly heads: number; readonly kvHeads: number }[] {
  const heads = keys.countOfEach('attention.head_count', layers);
  if (heads === null) throw new InvalidGguf('attention.head_count is missing');
  const kvHeads = keys.countOfEach('attention.head_count_kv', layers) ?? heads;
  return heads.map((count, layer) => {
    const own = { heads: count, kvHeads: kvHeads[layer] ?? count };
    if (own.heads % own.kvHeads !== 0) {
      throw new InvalidGguf(
        `${String(own.heads)} heads do not share ${String(own.kvHeads)} KV heads evenly`,
      );
    }
    return own;
  });
}

/**
 * How many of the first layers hold keys and values; the others read those of the last two, one of
 * each kind. llama.cpp aborts the process for other orders.
 * @throws UnsupportedModel, InvalidGguf
 */
function holdingLayers(
  keys: ArchitectureKeys,
  windows: Windows,
  windowOf: readonly (number | null)[],
): number {
  const shared = keys.largest('attention.shared_kv_layers');
  if (shared > 0 && windows !== 'listed') {
    throw keys.unsupported('shares keys and values between layers');
  }
  const holding = windowOf.length - shared;
  if (windows === 'listed' && (!Number.isInteger(shared) || shared < 0 || holding < 2)) {
    throw new InvalidGguf(
      `attention.shared_kv_layers is ${String(shared)} of ${String(windowOf.length)} layers`,
    );
  }
  const last = windowOf.slice(holding - 2, holding);
  const ordered = last[0] !== null && last[1] === null;
  if (shared > 0 && (!ordered || keys.largest('nextn_predict_layers') > 0)) {
    throw keys.unsupported('shares keys and values between layers in an order that is not known');
  }
  return holding;
}

/**
 * Reads heads, windows and shared keys of each layer. The rules are those of
 * native-kernels/model/layer_table.cpp; loading the model says whether its graph agrees.
 * @throws UnsupportedModel, or InvalidGguf for contradictory metadata
 */
export function attentionLayers(
  keys: ArchitectureKeys,
  windows: Windows,
  { layers, headSize, ...sizes }: AttendingModel,
): AttentionLayers {
  const windowOf =
    windows === 'ignored' || windows === 'refused'
      ? Array.from({ length: layers }, () => null)
      : layerWindows(keys, layers, windows);
  const holding = holdingLayers(keys, windows, windowOf);
  const windowHeadSize = keys.count('attention.key_length_swa') ?? headSize;
  const windowValueSize = keys.largest('attention.value_length_swa') || headSize;
  if (windowOf.some((window) => window !== null) && windowHeadSize !== windowValueSize) {
    throw keys.unsupported('has keys and values of different sizes');
  }
  const heads = headsOf(keys, layers);
  const all = heads.filter((_, layer) => windowOf[layer] === null);
  const [first] = all;
  if (first === undefined) throw keys.unsupported('attends through windows in every layer');
  if (all.some((own) => own.heads !== first.heads || own.kvHeads !== first.kvHeads)) {
    throw keys.unsupported('has layers with different numbers of heads');
  }
  const table = heads.map(({ kvHeads }, layer) => {
    const window = windowOf[layer] ?? null;
    return { kvHeads, headSize: window === null ? headSize : windowHeadSize, window, ...sizes };
  });
  return { ...first, table: table.slice(0, holding) };
}
