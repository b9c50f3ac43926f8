import type { SkippedFile } from '../protocol/engine.ts';
import type { RepositoryLayout } from './layout.ts';
import type { StreamIndex } from './stream-index.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { RepositoryFile } from './walk.ts';

export interface StreamProgress {
  readonly files: number;
  readonly totalFiles: number;
  /** Tokens handed out before this chunk, which the consumer has dealt with. */
  readonly tokens: number;
  /** Estimated from the bytes still to read, unless `expectedTokens` was given. */
  readonly totalTokens: number;
  readonly tokensPerSecond: number;
  readonly etaSeconds: number | null;
}

export interface StreamChunk {
  /** At most `chunkTokens` of them. */
  readonly tokens: Int32Array;
  /** Not 0 for tokens to keep for good, one per token. */
  readonly protect: Uint8Array;
  readonly progress: StreamProgress;
}

export interface StreamOptions {
  readonly tokenizer: Tokenizer;
  readonly layout: RepositoryLayout;
  readonly name: string;
  /** Tokens before the repository: BOS and the system turn. */
  readonly prologue: Int32Array;
  readonly chunkTokens: number;
  /** The exact number of the stream's tokens where it is known (`countStream`). */
  readonly expectedTokens?: number;
  readonly maxFileBytes?: number;
  readonly signal?: AbortSignal;
  /** Called once per file, as it enters the stream (for the search index). */
  readonly onText?: (path: string, text: string) => void;
  /** Called for each file that could not be read after all. */
  readonly onSkipped?: (skipped: SkippedFile) => void;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

export interface RepositoryStream {
  /** Complete when `chunks` ends; what was handed out is in it at any time. */
  readonly index: StreamIndex;
  /** Reads files lazily, one ahead of what was handed out. To be iterated once. */
  chunks(): AsyncGenerator<StreamChunk, void, undefined>;
  /** The numbers now, after the last chunk was dealt with. */
  progress(): StreamProgress;
}

/** The repository as a stream of token chunks. */
export function createRepositoryStream(
  files: readonly RepositoryFile[],
  options: StreamOptions,
): RepositoryStream {
  throw new Error(`Not written yet: ${String(files.length)} ${options.name}`);
}

/**
 * The exact number of tokens that the stream will have: reads and tokenises everything once.
 * Needed for a budget in percent. Memory stays that of one file.
 */
export async function countStream(
  files: readonly RepositoryFile[],
  options: Pick<
    StreamOptions,
    'layout' | 'name' | 'prologue' | 'maxFileBytes' | 'signal'
  >,
): Promise<number> {
  await Promise.resolve();
  throw new Error(`Not written yet: ${String(files.length)} ${options.name}`);
}
