import type { RecallMode, RecallSignal } from '../../protocol/engine.ts';
import type { FileText } from '../read.ts';
import type { StreamIndex } from '../stream-index.ts';
import type { SearchIndex } from './search-index.ts';

/** A part of a file, read again from disk, to be put into the tail. */
export interface RecalledText {
  readonly path: string;
  /** Both from 1, both included. */
  readonly fromLine: number;
  readonly toLine: number;
  /** The lines, with the newline at the end of each. */
  readonly text: string;
  /** As counted by `countTokens`, the file header included. */
  readonly tokens: number;
  readonly signal: RecallSignal;
  /** Higher is better, within one result. */
  readonly score: number;
}

export interface RecallRequest {
  readonly question: string;
  readonly mode: RecallMode;
  readonly index: StreamIndex;
  /** The question's attention per stream token; null where it was not observed. */
  readonly attention: Float32Array | null;
  /** What a neutral question attends to, to be subtracted; null: nothing. */
  readonly attentionBaseline?: Float32Array | null;
  readonly search: SearchIndex;
  /** Tokens that the spans may take in all, headers included. */
  readonly budgetTokens: number;
  /** Tokens of one span as it will stand in the tail: its file header and its text. */
  readonly countTokens: (path: string, text: string) => number;
  /** The file as it is on disk now. */
  readonly readFile: (path: string) => Promise<FileText>;
  readonly signal?: AbortSignal;
}

export interface RecallResult {
  /** Best first. */
  readonly spans: readonly RecalledText[];
  readonly tokens: number;
  /** Sentences for the user: files that changed or went since they were read. */
  readonly notices: readonly string[];
}

/**
 * Picks what to read again for a question: few spans, sharp ones. Hits come from the index, text
 * from disk as it is now; a hit whose file changed is looked for again in the new text.
 */
export async function recall(request: RecallRequest): Promise<RecallResult> {
  await Promise.resolve();
  throw new Error(`Not written yet: ${request.question}`);
}
