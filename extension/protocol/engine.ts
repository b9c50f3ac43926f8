/** Messages between the extension (or the command line) and the engine process. Data only. */

import type { EngineErrorCode } from './errors.ts';
import type { KvType, PolicyName, PolicyParameters, RefinePolicyName } from './policies.ts';

export type Gpu = 'auto' | 'cpu' | 'cuda' | 'vulkan' | 'metal';
export type RecallMode = 'both' | 'attention' | 'identifiers' | 'off';
export type RecallSignal = 'attention' | 'identifiers' | 'both';

/** Tokens: the mean number held per (layer, KV head). Percent: of the repository's tokens. */
export type Budget =
  | { readonly unit: 'tokens'; readonly value: number }
  | { readonly unit: 'percent'; readonly value: number }
  | { readonly unit: 'mebibytes'; readonly value: number };

export interface OpenParameters {
  /** null: the bundled model. */
  readonly modelPath: string | null;
  readonly gpu: Gpu;
  readonly roots: readonly string[];
  readonly budget: Budget;
  /** Measuring takes a share of a small repository as it is; absent: see `shareTokens`. */
  readonly exactShare?: boolean | undefined;
  readonly policy: PolicyName;
  readonly policyParameters: PolicyParameters;
  readonly kvType: KvType;
  /** Threads to compute with; absent or 0: as many as the machine has free. */
  readonly threads?: number | undefined;
  /**
   * Question-aware reading: what this question attends to is what is kept, so the memory is good for
   * it and for no other. Absent: for questions that nobody knows yet.
   */
  readonly observedQuestion?: string | undefined;
}

/** What a memory is read again with, once it has been read. */
export interface RefineParameters {
  readonly policy: RefinePolicyName;
}

/** `measuring`: what each layer of the model needs, once per model. */
export type Phase = 'loading' | 'listing' | 'measuring' | 'reading' | 'refining' | 'answering';

export interface Progress {
  readonly phase: Phase;
  readonly files: number;
  readonly totalFiles: number;
  readonly tokens: number;
  readonly totalTokens: number;
  readonly tokensPerSecond: number;
  /** null while unknown. */
  readonly etaSeconds: number | null;
  readonly heldTokens: number;
  readonly budgetTokens: number;
}

export interface FileShare {
  /** Relative to its root, with forward slashes. */
  readonly path: string;
  readonly tokens: number;
  /** Share in [0, 1] of the file's (token, layer, head) entries that are held. */
  readonly kept: number;
}

export type SkipReason =
  'ignored' | 'secret' | 'binary' | 'generated' | 'too-large' | 'unreadable' | 'disappeared';

export interface SkippedFile {
  readonly path: string;
  readonly reason: SkipReason;
  /** What was found, to follow the file's name: "holds a private key". */
  readonly detail?: string;
}

export interface OpenResult {
  readonly model: {
    readonly name: string;
    readonly path: string;
    readonly architecture: string;
    /** Whether it is the small model that Loci ships, which answers few kinds of question. */
    readonly bundled: boolean;
  };
  /** The device that is really used. */
  readonly gpu: Exclude<Gpu, 'auto'>;
  readonly policy: PolicyName;
  readonly policyParameters: PolicyParameters;
  /** Whether this is the memory of a second reading, which kept by reconstruction. */
  readonly refined: boolean;
  readonly kvType: KvType;
  readonly budget: { readonly tokens: number; readonly bytes: number };
  readonly repository: {
    /** What was read. */
    readonly files: number;
    readonly tokens: number;
    /** What there is to read: more than was read where reading was stopped. */
    readonly totalFiles: number;
    /** An estimate where reading was stopped before all files were tokenised. */
    readonly totalTokens: number;
  };
  /** The folders, as given, under the names that paths start with; '' where there is one. */
  readonly roots: readonly { readonly name: string; readonly path: string }[];
  readonly memory: {
    readonly heldTokens: number;
    readonly keptShare: number;
    readonly kvBytes: number;
    readonly logicalBytes: number;
    readonly peakKvBytes: number;
    readonly chunkBytes: number;
  };
  readonly timings: {
    readonly loadMs: number;
    readonly ingestMs: number;
    readonly ingestTokensPerSecond: number;
  };
  readonly files: readonly FileShare[];
  readonly skipped: readonly SkippedFile[];
  /** False where reading was stopped: answers then rest on the files that are listed. */
  readonly complete: boolean;
  /** Sentences for the user, e.g. that the budget was lowered to what the context allows. */
  readonly notices: readonly string[];
  /** Questions about this repository that the bundled model answers; empty with any other model. */
  readonly suggestions: readonly string[];
}

/**
 * Which questions the model writes an answer to. `reliable`: with the bundled model, only those that
 * it is known to answer; the others are answered with passages. `always`: all of them.
 */
export type AnswerMode = 'reliable' | 'always';

export interface AskParameters {
  readonly question: string;
  readonly recall: RecallMode;
  readonly maxTokens: number;
  readonly seed: number;
  readonly temperature: number;
  /** Absent: `reliable`. */
  readonly mode?: AnswerMode | undefined;
}

/** Lines of the repository that are shown as they are. */
export interface Passage {
  readonly path: string;
  /** Both from 1, both included. */
  readonly fromLine: number;
  readonly toLine: number;
  /** The line that was looked for, between these two. */
  readonly line: number;
  readonly text: string;
}

export interface Citation {
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/** A place that an answer names, resolved against the files that were read. */
export interface Mention {
  /** As it stands in the answer, to the letter: `src\\util.ts:4`, `dir/util.ts#L3`. */
  readonly text: string;
  readonly path: string;
  /** Both from 1, both included; null: the whole file. */
  readonly fromLine: number | null;
  readonly toLine: number | null;
}

export interface RecalledSpan {
  readonly path: string;
  /** Both from 1, both included. */
  readonly fromLine: number;
  readonly toLine: number;
  readonly tokens: number;
  readonly signal: RecallSignal;
}

export interface Answer {
  readonly question: string;
  /** `passages`: the model wrote nothing; `answer` is one sentence about the passages. */
  readonly kind: 'text' | 'passages';
  readonly answer: string;
  /** Best first; empty where the model wrote the answer. */
  readonly passages: readonly Passage[];
  readonly citations: readonly Citation[];
  readonly mentions: readonly Mention[];
  /** Names of the question that occur nowhere in what was read. */
  readonly unknownNames: readonly string[];
  readonly recalled: readonly RecalledSpan[];
  /** Recalled tokens over the tail's capacity, in [0, 1]. */
  readonly recalledShare: number;
  /** What the answer could attend to: the recalled text alone, or the held memory as well. */
  readonly attended: 'memory' | 'recalled' | 'memory+recalled';
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
  /** `repetition`: it had begun to repeat itself; of the repetitions only the first are left. */
  readonly stopReason: 'end' | 'length' | 'repetition' | 'cancelled';
  /** Sentences for the user, e.g. that a recalled file has changed since it was read. */
  readonly notices: readonly string[];
}

export interface CompleteParameters {
  readonly path: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly maxTokens: number;
}

export interface Completion {
  readonly text: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly totalMs: number;
}

export interface RetentionParameters {
  /** null: every file, without lines. */
  readonly path: string | null;
  /** Whether the lines of every file are wanted, in one reply. */
  readonly everyLine?: boolean | undefined;
}

export interface Retention {
  readonly files: readonly FileShare[];
  /** Share held per line of `path`; empty without one. */
  readonly lines: readonly number[];
  /** The lines of each of `files`, in their order; only where every line was asked for. */
  readonly fileLines?: readonly (readonly number[])[] | undefined;
  /** Tokens held per KV head: [layer][head]. */
  readonly heads: readonly (readonly number[])[];
}

export interface DeviceReport {
  readonly name: string;
  readonly description: string;
  readonly kind: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Every failure that reaches a user: a code to act on, and one sentence that says what to do. */
export interface EngineErrorData {
  readonly code: EngineErrorCode;
  readonly message: string;
}
