/** The metadata of one architecture, as the engine reads them. */

import type { MetadataValue } from './gguf-metadata.ts';
import { InvalidGguf } from './gguf-reader.ts';
import { valueType } from './gguf-types.ts';
import type { MetadataNumbers } from './recurrent.ts';

/** A sound file of a model that the engine cannot run; the message ends "its architecture ...". */
export class UnsupportedModel extends Error {}

const limits = {
  block_count: 512,
  embedding_length: 1 << 20,
  'attention.head_count': 1 << 14,
  'attention.head_count_kv': 1 << 14,
  'attention.key_length': 1 << 12,
  'attention.key_length_swa': 1 << 12,
  'attention.key_length_mla': 1 << 12,
  'attention.value_length': 1 << 12,
  'attention.value_length_mla': 1 << 12,
  'attention.kv_lora_rank': 1 << 12,
  'rope.dimension_count': 1 << 12,
  context_length: 1 << 27,
} as const;

/** The keys of one architecture, each with the check that its values need. */
export class ArchitectureKeys implements MetadataNumbers {
  readonly #metadata: ReadonlyMap<string, MetadataValue>;
  readonly #architecture: string;

  constructor(metadata: ReadonlyMap<string, MetadataValue>, architecture: string) {
    this.#metadata = metadata;
    this.#architecture = architecture;
  }

  /** @param what the model does that the engine cannot */
  unsupported(what: string): UnsupportedModel {
    return new UnsupportedModel(`${this.#architecture}, ${what}`);
  }

  get(key: string): MetadataValue | undefined {
    return this.#metadata.get(`${this.#architecture}.${key}`);
  }

  has(prefix: string): boolean {
    const start = `${this.#architecture}.${prefix}`;
    return [...this.#metadata.keys()].some((key) => key.startsWith(start));
  }

  /**
   * A count from 1 to its limit; one value per layer must be the same in each.
   * @param some whether layers may have none
   */
  count(key: keyof typeof limits, some = false): number | null {
    const stated = this.#counts(key);
    if (stated === null) return null;
    const values = some ? stated.filter((count) => count !== 0) : stated;
    const [first] = values;
    if (first === undefined) {
      throw new InvalidGguf(`${this.#architecture}.${key} is not a count`);
    }
    if (values.some((other) => other !== first)) {
      throw this.unsupported('has layers with different numbers of heads');
    }
    this.#checkLimit(key, first);
    return first;
  }

  /** A count for each layer, which may differ; null if there is none. @throws InvalidGguf */
  countOfEach(key: keyof typeof limits, layers: number): readonly number[] | null {
    const stated = this.#counts(key);
    if (stated === null) return null;
    if (this.list(key) !== null && stated.length < layers) {
      throw new InvalidGguf(
        `${this.#architecture}.${key} names ${String(stated.length)} of ${String(layers)} layers`,
      );
    }
    for (const count of stated) this.#checkLimit(key, count);
    return Array.from({ length: layers }, (_, layer) => stated[layer] ?? stated[0] ?? 0);
  }

  /** The counts under a key, one or several, before their limits are checked. */
  #counts(key: keyof typeof limits): readonly number[] | null {
    const value = this.get(key);
    if (value === undefined) {
      return null;
    }
    // llama.cpp takes a count of any other type for a fault of the file.
    const types: readonly number[] =
      value.kind === 'array' ? [valueType.uint32, valueType.int32] : [valueType.uint32];
    const stated =
      !('type' in value) || !types.includes(value.type)
        ? null
        : value.kind === 'number'
          ? [value.value]
          : value.values;
    if (
      stated === null ||
      stated.length === 0 ||
      stated.some((count) => !Number.isInteger(count) || count < 0)
    ) {
      throw new InvalidGguf(`${this.#architecture}.${key} is not a count`);
    }
    return stated;
  }

  #checkLimit(key: keyof typeof limits, count: number): void {
    if (count < 1 || count > limits[key]) {
      throw new InvalidGguf(
        `${this.#architecture}.${key} is ${String(count)}, not from 1 to ${String(limits[key])}`,
      );
    }
  }

  required(key: keyof typeof limits): number {
    const count = this.count(key);
    if (count === null) {
      throw new InvalidGguf(`${this.#architecture}.${key} is missing`);
    }
    return count;
  }

  list(key: string): readonly number[] | null {
    const value = this.get(key);
    return value?.kind === 'array' ? value.values : null;
  }

  /** The largest of a number or of numbers, 0 where there are none. */
  largest(key: string): number {
    const value = this.get(key);
    if (value?.kind === 'number') {
      return value.value;
    }
    return value?.kind === 'array' ? Math.max(0, ...(value.values ?? [])) : 0;
  }
}
