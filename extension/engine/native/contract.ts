/**
 * The contract of the native addon. Asynchronous calls run on worker threads; those on the same
 * `NativeMemory` must not overlap (else code `busy`). Rejections are `Error`s whose `code` is a
 * `NativeErrorCode` (`protocol/errors.ts`) and whose message is one sentence for the user.
 */

import type { KvType, PolicyParameters } from '../../protocol/policies.ts';
import type { PolicyParameterDescription } from '../../protocol/requests/policy-parameters.ts';
import type { NativeCancellation } from './contract-cancellation.ts';
import type { NativeUpkeep } from './contract-upkeep.ts';
import type { NativeModelInfo } from './model-info.ts';

export type { NativeCancellation } from './contract-cancellation.ts';

/** The rows whose queries observe: of the chunk, of a text after it, or of its repetition. */
export type PolicyRows = 'none' | 'last' | 'all' | 'probe' | 'both' | 'repeat';

/**
 * How the need of each layer was measured: by what a repetition attends to, or by how much keys
 * change if less of the preceding text is seen; `none` if a policy needs no profile.
 */
export type PolicyProfile = 'none' | 'repeat' | 'keys';

export interface NativeDevice {
  readonly name: string;
  readonly description: string;
  readonly kind: 'cpu' | 'gpu' | 'integrated-gpu' | 'accelerator';
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export type NativeLogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface NativeAddon {
  /** The llama.cpp version of the addon's headers. */
  readonly headersVersion: string;
  /** All policies that `createMemory` accepts. */
  readonly policyNames: readonly string[];
  /**
   * Returns the kind of `layerProfile` by which a policy allocates.
   * @throws `invalid-argument` with the valid names or values
   */
  policyProfile(policy: NativeMemoryOptions['policy']): PolicyProfile;
  /**
   * Returns the rows that a policy observes; `none` if it does not use attention.
   * @throws `invalid-argument` with the valid names or values
   */
  policyRows(policy: NativeMemoryOptions['policy']): PolicyRows;
  /** Describes a policy's parameters. @throws `invalid-argument` with the valid names */
  policyParameters(name: string): PolicyParameterDescription[];
  createCancellation(): NativeCancellation;
  /** Limits the computing threads of every memory from the next step on; initially unlimited. */
  setThreadLimit(threads: number): void;
  /**
   * Loads llama.cpp's prebuilt libraries from one directory, once per process.
   * @throws `runtime-not-found`, `runtime-mismatch`
   */
  loadRuntime(options: {
    readonly libraryDirectory: string;
    readonly onLog: (level: NativeLogLevel, text: string) => void;
  }): NativeRuntime;
}

export interface NativeRuntime {
  readonly version: string;
  devices(): NativeDevice[];
  loadModel(options: {
    readonly path: string;
    /** The number of layers on the GPU; 0: only the CPU, -1: all. */
    readonly gpuLayers: number;
    readonly cancellation: NativeCancellation;
    /** A fraction in [0, 1]. */
    readonly onProgress?: (fraction: number) => void;
  }): Promise<NativeModel>;
}

export interface NativeModel {
  readonly info: NativeModelInfo;
  /** `special`: parses control tokens in the text. Never for repository text. */
  tokenize(text: string, options: { readonly special: boolean }): Int32Array;
  /** The raw bytes of one token; a character may span several tokens. */
  tokenBytes(token: number): Uint8Array;
  isEndOfGeneration(token: number): boolean;
  /**
   * Formats chat turns with the model's own template (llama.cpp's built-in list only).
   * @throws `model-unsupported` if the template is not in that list.
   */
  applyChatTemplate(
    messages: readonly { readonly role: string; readonly content: string }[],
    addAssistant: boolean,
  ): string;
  /** Creates the context, the pool and the policy, then runs the parity self-check. */
  createMemory(options: NativeMemoryOptions): Promise<NativeMemory>;
  createSampler(options: NativeSamplerOptions): NativeSampler;
  dispose(): void;
}

export interface NativeMemoryOptions {
  /** Mean number of tokens held per (layer, KV head) after each compression. */
  readonly budgetTokens: number;
  /** Tokens of one prefill step. */
  readonly chunkTokens: number;
  /** The most rows of each tail, none more than the first; default: one tail of a chunk. */
  readonly tails?: readonly number[];
  readonly policy: { readonly name: string; readonly parameters: PolicyParameters };
  readonly kvType: KvType;
  /** Text that some policies append to each chunk to observe its queries, and then remove. */
  readonly probe?: Int32Array;
  /**
   * The relative need of each layer, for policies that allocate by it; in the ragged layout
   * optionally of every KV head, layer by layer.
   */
  readonly layerProfile?: Float64Array;
  /** The start of a chunk's repetition, for policies that repeat it. */
  readonly repeatPrompt?: Int32Array;
  /**
   * Tokens of the whole stream; absent: unknown. If they may exceed the trained context, keys may
   * move, and some types then keep a third row for each.
   */
  readonly streamTokens?: number;
  /** The most threads that may compute; see {@link NativeAddon.setThreadLimit}. */
  readonly threads: number;
  /** A cache folder for what is computed once per model (Gram matrices); null: no cache. */
  readonly cacheDirectory: string | null;
  readonly cancellation: NativeCancellation;
}

export interface NativeSamplerOptions {
  /** 0 is greedy. */
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly repeatPenalty: number;
  readonly repeatLast: number;
  readonly seed: number;
}

export interface NativeSampler {
  reset(): void;
  dispose(): void;
}

export interface NativeMemoryReport {
  /** Tokens of the stream read so far. */
  readonly streamTokens: number;
  /** The mean number of tokens held per (layer, KV head). */
  readonly heldTokens: number;
  /** Bytes of the rows held, of everything allocated, and of the recurrent states within that. */
  readonly logicalBytes: number;
  readonly physicalBytes: number;
  readonly peakBytes: number;
  readonly stateBytes: number;
  /** Of what is allocated, the rows of layers that attend through a window, with those of the tails. */
  readonly windowBytes: number;
  /** Masks, indices, Gram matrices and the scratch of scores; not llama.cpp's own buffers. */
  readonly scratchBytes: number;
  readonly budgetBytes: number;
  readonly chunkBytes: number;
  /** The most bytes that a chunk or the tails take in addition to the budget. */
  readonly workingBytes: number;
  /** The part of them on the host, for tails that are not in place. */
  readonly hostBytes: number;
  readonly tails: readonly { readonly tokens: number; readonly capacity: number }[];
  /** The most tokens of one `append`: a chunk minus the tokens that observing it needs. */
  readonly appendCapacity: number;
  /** Rows held per KV head, by layer. */
  readonly layerTokens: Int32Array;
  /** Seconds spent since creation. */
  readonly seconds: { readonly prefill: number; readonly score: number; readonly compact: number };
}

/** The unit and file of a chunk's tokens; every array has one entry per token. */
export interface TokenStructure {
  /** The syntactic unit: ascending in the stream, the same for all tokens of a unit; -1: none. */
  readonly units: Int32Array;
  /**
   * The class of the unit, some of which a policy may raise: 0 none, 1 a path header, 2 an import,
   * 3 a signature, 4 a type's head or a heading, 5 a constant or field with its value, 6 the return
   * of a literal, which is not a declaration (`repository/structure/unit-class.ts`).
   */
  readonly raised: Uint8Array;
  /** The file: ascending in the stream; -1: none. */
  readonly files: Int32Array;
}

/**
 * The survivors of one token stream, and the tails of readers after it. A tail is identified by its
 * number, by default 0; tails never attend to each other.
 */
export interface NativeMemory extends NativeUpkeep {
  /**
   * Reads at most `appendCapacity` tokens into the memory and compresses it back to the budget.
   * `protect[i] !== 0` prevents the eviction of token i. A cancelled or failed call leaves the
   * memory unchanged. Every tail must be empty.
   */
  append(
    tokens: Int32Array,
    options: {
      readonly protect?: Uint8Array;
      readonly structure?: TokenStructure;
      readonly cancellation: NativeCancellation;
    },
  ): Promise<void>;
  /**
   * Appends tokens to the tail and computes the logits of the last one. With `observe` it returns,
   * for each token of the stream, the attention that these tokens pay to it (summed over rows,
   * heads and layers that hold it; 0 if it is not held). With `attendMemory: false`, the tail
   * attends only to itself; it must be the same for all calls between two `cut`s.
   * @throws `tail-full`, `cancelled` (the tail is then unchanged)
   */
  extend(
    tokens: Int32Array,
    options: {
      readonly observe: boolean;
      readonly attendMemory: boolean;
      readonly tail?: number;
      readonly cancellation: NativeCancellation;
    },
  ): Promise<Float32Array | null>;
  /** Samples from the logits of the tail's last `extend` and advances the sampler's state. */
  sample(sampler: NativeSampler, tail?: number): number;
  /** Returns a copy of the logits of the tail's last `extend`. */
  logits(tail?: number): Float32Array;
  /**
   * Makes room in the tail: each KV head of each layer keeps its first `first` rows, its last
   * `last` and the best in between by their keys (KeyDiff), `rows` in total; the tail then has
   * `rows` tokens. The memory stays bit-identical.
   * @throws `invalid-argument`; `model-unsupported` if keys cannot be moved; `cancelled`,
   *   `out-of-memory` (the tail is then unchanged)
   */
  evictTail(options: {
    readonly first: number;
    readonly last: number;
    readonly rows: number;
    readonly tail?: number;
    readonly cancellation: NativeCancellation;
  }): Promise<void>;
  /**
   * Cuts the tail to `length` tokens; with `stateBytes`, only to 0. The memory stays bit-identical.
   * @throws `invalid-argument` beyond its end, and below what the last `evictTail` kept, except 0
   */
  cut(length: number, tail?: number): void;
  report(): NativeMemoryReport;
  /** Returns the stream indices that one head holds, ascending. */
  held(layer: number, head: number): Int32Array;
  /**
   * Returns the keys that one head holds, or the newest `last`, [rows][head size] in the order of
   * `held`: as computed and rotated to their positions, independent of the storage type.
   * @throws or rejects with `invalid-argument` if the model has no such layer or head
   */
  keys(layer: number, head: number, last?: number): Promise<Float32Array>;
  /** For each token of the stream the number of (layer, head) pairs that hold it. */
  heldCounts(): Uint16Array;
  dispose(): void;
}
