/**
 * The contract of the native addon. Every asynchronous call runs on a worker thread; calls on one
 * `NativeMemory` must not overlap (the addon refuses with code `busy`). Every rejection is an
 * `Error` whose `code` is a `NativeErrorCode` (`protocol/errors.ts`) and whose message is one sentence for the user.
 */

import type { KvType, PolicyParameters } from '../../protocol/policies.ts';
import type { PolicyParameterDescription } from '../../protocol/requests/policy-parameters.ts';
import type { NativeCancellation } from './contract-cancellation.ts';
import type { NativeUpkeep } from './contract-upkeep.ts';
import type { NativeModelInfo } from './model-info.ts';

export type { NativeCancellation } from './contract-cancellation.ts';

/** Whose queries observe: those of the chunk, of a text behind it, or of its repetition. */
export type PolicyRows = 'none' | 'last' | 'all' | 'probe' | 'both' | 'repeat';

/**
 * How it was measured what each layer needs: by what a repetition attends to, or by how far keys
 * change where less of the text before is seen; `none` where a policy does not ask.
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
  /** The llama.cpp version that the addon's headers came from. */
  readonly headersVersion: string;
  /** Every policy that `createMemory` knows. */
  readonly policyNames: readonly string[];
  /**
   * By which `layerProfile` a policy allocates.
   * @throws `invalid-argument` with the valid names or values
   */
  policyProfile(policy: NativeMemoryOptions['policy']): PolicyProfile;
  /**
   * Through whose attention a policy looks at a chunk; `none` where it does not use attention.
   * @throws `invalid-argument` with the valid names or values
   */
  policyRows(policy: NativeMemoryOptions['policy']): PolicyRows;
  /** What a policy can be set by. @throws `invalid-argument` with the valid names */
  policyParameters(name: string): PolicyParameterDescription[];
  createCancellation(): NativeCancellation;
  /** At most so many of every memory's threads compute, from the next step on; at first all. */
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
    /** Layers on the GPU; 0 for the CPU alone, -1 for all. */
    readonly gpuLayers: number;
    readonly cancellation: NativeCancellation;
    /** A fraction in [0, 1]. */
    readonly onProgress?: (fraction: number) => void;
  }): Promise<NativeModel>;
}

export interface NativeModel {
  readonly info: NativeModelInfo;
  /** `special`: control tokens written in the text are read as such. Never for repository text. */
  tokenize(text: string, options: { readonly special: boolean }): Int32Array;
  /** The raw bytes of one token; a character may span several tokens. */
  tokenBytes(token: number): Uint8Array;
  isEndOfGeneration(token: number): boolean;
  /**
   * Formats chat turns with the model's own template (llama.cpp's built-in list only).
   * @throws `model-unsupported` where the template is not in that list.
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
  /** Rows that each tail may take, none more than the first; without it one tail, of a chunk. */
  readonly tails?: readonly number[];
  readonly policy: { readonly name: string; readonly parameters: PolicyParameters };
  readonly kvType: KvType;
  /** Text behind each chunk through whose queries some policies look; then forgotten. */
  readonly probe?: Int32Array;
  /**
   * What each layer needs compared with the others, for policies that allocate by it; in the ragged
   * layout also every KV head, layer by layer.
   */
  readonly layerProfile?: Float64Array;
  /** What opens the repetition of a chunk, for policies that repeat it. */
  readonly repeatPrompt?: Int32Array;
  /**
   * Tokens of the whole stream; absent: not known. Where they may exceed the trained context keys
   * may move, and some types then keep a third row for each.
   */
  readonly streamTokens?: number;
  /** The most threads that may compute; see {@link NativeAddon.setThreadLimit}. */
  readonly threads: number;
  /** A folder for what is computed once per model (Gram matrices); null: not kept. */
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
  /** Mean over (layer, KV head) of the tokens held. */
  readonly heldTokens: number;
  /** Bytes of the rows held, of all that is allocated, and of recurrent states within that. */
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
  /** The most that a chunk or the tails take beside the budget. */
  readonly workingBytes: number;
  /** What the tails take of that on the host, where those wait that are not in place. */
  readonly hostBytes: number;
  readonly tails: readonly { readonly tokens: number; readonly capacity: number }[];
  /** The most tokens that one `append` takes: a chunk, less what observing it takes. */
  readonly appendCapacity: number;
  /** Rows held per KV head, by layer. */
  readonly layerTokens: Int32Array;
  /** Seconds spent since creation. */
  readonly seconds: { readonly prefill: number; readonly score: number; readonly compact: number };
}

/** What the tokens of a chunk belong to; every array has one entry per token. */
export interface TokenStructure {
  /** The syntactic unit: ascending in the stream, the same for all tokens of a unit; -1: none. */
  readonly units: Int32Array;
  /**
   * What the unit is, of which a policy raises what it likes: 0 nothing of the following, 1 a path
   * header, 2 an import, 3 a signature, 4 a type's head or a heading, 5 a constant or field with its
   * value, 6 the return of a literal, which is no declaration (`repository/structure/unit-class.ts`).
   */
  readonly raised: Uint8Array;
  /** The file: ascending in the stream; -1: none. */
  readonly files: Int32Array;
}

/**
 * What survived of one token stream, and behind it the tails of those who ask. A tail is named by
 * its number, 0 where a call does not say; tails never see each other.
 */
export interface NativeMemory extends NativeUpkeep {
  /**
   * Reads at most `appendCapacity` tokens into the memory and compresses it back to the budget.
   * `protect[i] !== 0` keeps token i for good. Plan, then apply: a cancelled or failed call leaves
   * the memory as it was. Every tail must be empty.
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
   * heads and layers that hold it; 0 where it is not held). `attendMemory: false` lets the tail
   * attend to itself alone; it must be the same for all calls between two `cut`s.
   * @throws `tail-full`, `cancelled` (the tail is then as it was)
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
  /** The next token from the logits of the tail's last `extend`; the sampler's state advances. */
  sample(sampler: NativeSampler, tail?: number): number;
  /** A copy of the logits of the tail's last `extend`. */
  logits(tail?: number): Float32Array;
  /**
   * Makes room in the tail: each KV head of each layer keeps its first `first` rows, its last `last`
   * and the best of those between by their keys alone (KeyDiff), `rows` in all; the tail then has
   * `rows` tokens. The memory stays bit-equal.
   * @throws `invalid-argument`; `model-unsupported` where keys cannot be moved; `cancelled`,
   *   `out-of-memory` (the tail is then as it was)
   */
  evictTail(options: {
    readonly first: number;
    readonly last: number;
    readonly rows: number;
    readonly tail?: number;
    readonly cancellation: NativeCancellation;
  }): Promise<void>;
  /**
   * Cuts the tail to its first `length` tokens, with `stateBytes` to 0 alone. The memory stays bit-equal.
   * @throws `invalid-argument` beyond its end, and below what the last `evictTail` left, except 0
   */
  cut(length: number, tail?: number): void;
  report(): NativeMemoryReport;
  /** The stream indices that one head holds, ascending. */
  held(layer: number, head: number): Int32Array;
  /**
   * The keys that one head holds, or the newest `last`, [rows][head size] in the order of `held`: as they were computed
   * and rotated to their positions, whatever they are stored as.
   * @throws or rejects with `invalid-argument` where the model has no such layer or head
   */
  keys(layer: number, head: number, last?: number): Promise<Float32Array>;
  /** For each token of the stream the number of (layer, head) pairs that hold it. */
  heldCounts(): Uint16Array;
  dispose(): void;
}
