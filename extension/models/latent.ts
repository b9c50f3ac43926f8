/** Models whose layers compress keys and values (MLA), by their metadata. */

import type { ArchitectureKeys } from './architecture-keys.ts';
import { InvalidGguf } from './gguf-reader.ts';

/** As of `AttentionLayer`. */
export interface LatentSizes {
  readonly headSize: number;
  readonly valueSize: number;
}

/**
 * What a layer keeps of a token. In files of today that is one row for all heads: `kv_lora_rank`
 * numbers, which are the value as well, and the part of the key that has a position. Files of before
 * April 2025 have a key and a value for each head. Sizes that do not fit are refused here, because
 * llama.cpp aborts the process for them.
 * @throws InvalidGguf
 */
export function latentSizes(keys: ArchitectureKeys): LatentSizes {
  const rank = keys.required('attention.kv_lora_rank');
  const rotated = keys.required('rope.dimension_count');
  const headSize = keys.required('attention.key_length');
  const valueSize = keys.required('attention.value_length');
  const ownKey = keys.count('attention.key_length_mla');
  const ownValue = keys.count('attention.value_length_mla');
  const heads = keys.required('attention.head_count');
  const kvHeads = keys.count('attention.head_count_kv') ?? heads;
  if ((ownKey === null) !== (ownValue === null)) {
    throw new InvalidGguf('it states the size of its keys or of its values alone');
  }
  const compressed = ownKey !== null;
  const sound = compressed
    ? kvHeads === 1 && headSize === rank + rotated && valueSize === rank
    : kvHeads === heads;
  if (!sound || rotated % 2 !== 0 || (ownKey ?? headSize) <= rotated) {
    throw new InvalidGguf('the sizes of its compressed keys and values contradict each other');
  }
  return { headSize, valueSize: compressed ? 0 : valueSize };
}
