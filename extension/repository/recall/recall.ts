import type { FileAttention, RecallSignal } from '../../protocol/answer.ts';
import type { RecallMode } from '../../protocol/requests/ask.ts';
import { endLine } from '../stream/layout.ts';
import type { FileText } from '../files/read.ts';
import type { PathResolver } from './path-resolver.ts';
import type { StreamIndex } from '../stream/stream-index.ts';
import { attendedFiles, attentionHits, dueToQuestion } from './attention-hits.ts';
import { type ChosenFile, chooseFiles } from './choose-files.ts';
import { identifierHits, type IdentifierHits } from './identifier-hits.ts';
import { relocateLines } from './relocate.ts';
import type { SearchIndex } from './search-index.ts';
import { enclosingBlock, fitRange, type LineRange, mergeRanges, textOf } from './spans.ts';
import { recallThresholds } from './thresholds.ts';

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
  /** What a neutral question attends to, observed likewise; null: not observed. */
  readonly attentionBaseline?: Float32Array | null;
  readonly search: SearchIndex;
  /** Finds the files that the question names; by default among those in `search`. */
  readonly resolver?: PathResolver;
  /** Tokens that the spans may take in all, headers included. */
  readonly budgetTokens: number;
  /** Tokens of one span as it will stand in the tail: its file header and its text. */
  readonly countTokens: (path: string, text: string) => number;
  /** The file as it is on disk now. */
  readonly readFile: (path: string) => Promise<FileText>;
  /** What was read again already, which the budget does not count: its files are not taken twice. */
  readonly taken?: readonly RecalledText[];
  readonly signal?: AbortSignal;
}

export interface RecallResult {
  /** Best first. */
  readonly spans: readonly RecalledText[];
  readonly tokens: number;
  /** Sentences for the user: files that changed or went since they were read. */
  readonly notices: readonly string[];
  /** The files that the question attends to most; null where that was not observed. */
  readonly files: readonly FileAttention[] | null;
}

/** Tokens around a file's hits that are wanted in its spans. */
function wantedTokens({ extent }: ChosenFile, budget: number): number {
  const { context, uncertainContext } = recallThresholds;
  const wanted = Math.min(context.most, context.share * Math.max(0, budget - context.from));
  return extent === 'line'
    ? wanted
    : extent === 'around'
      ? Math.max(wanted, uncertainContext)
      : Infinity;
}

/**
 * The spans of one chosen file: all of it where it is small, otherwise the blocks around the hits,
 * widened to the context that is wanted.
 * @param budget tokens for all files
 * @param left tokens of them that are not taken yet
 */
function spansOf(
  file: ChosenFile,
  lines: readonly string[],
  budget: number,
  left: number,
  countTokens: RecallRequest['countTokens'],
): RecalledText[] {
  const { charactersPerToken, mergeGap, smallFile, smallestSpanLimit, spanShare } =
    recallThresholds;
  const count = (range: LineRange): number => countTokens(file.path, textOf(lines, range));
  const take = (range: LineRange): RecalledText => ({
    path: file.path,
    fromLine: range.from,
    toLine: range.to,
    text: textOf(lines, range),
    tokens: count(range),
    signal: file.signal,
    score: file.score,
  });
  const wanted = wantedTokens(file, budget);
  const most = Math.min(left, Math.max(smallestSpanLimit, spanShare * budget));
  const whole = { from: 1, to: lines.length };
  const wholeLimit = Math.min(most, Math.max(smallFile, wanted));
  // A large file need not be tokenised to know that it is large.
  if (
    textOf(lines, whole).length <= charactersPerToken * wholeLimit &&
    count(whole) <= wholeLimit
  ) {
    return [take(whole)];
  }
  const fitted: LineRange[] = [];
  for (const hit of file.lines) {
    const range = fitRange(lines, enclosingBlock(lines, hit), hit, { wanted, most }, count);
    // The first span is the best hit's; a further one must fit beside it.
    const merged = range === null ? null : mergeRanges([...fitted, range], mergeGap);
    const tokens = merged?.reduce((sum, part) => sum + count(part), 0) ?? Infinity;
    if (merged !== null && tokens <= most) {
      fitted.splice(0, fitted.length, ...merged);
    }
  }
  return fitted.map(take);
}

class Recalling {
  readonly #request: RecallRequest;
  readonly #spans: RecalledText[] = [];
  readonly #notices: string[] = [];

  constructor(request: RecallRequest) {
    this.#request = request;
  }

  async run(): Promise<RecallResult> {
    const { attention, attentionBaseline, index, mode, question, resolver, search } = this.#request;
    const named: IdentifierHits =
      mode === 'attention'
        ? { hits: [], exact: false, names: [] }
        : identifierHits(question, search, resolver);
    const values =
      attention === null || mode === 'identifiers'
        ? null
        : dueToQuestion(index, attention, attentionBaseline ?? null);
    const attended = values === null ? [] : attentionHits(index, values);
    const taken = new Set(this.#request.taken?.map(({ path }) => path));
    // Beside what the user chose, only what the question names is worth its room.
    const proposed = taken.size > 0 && !named.exact ? [] : chooseFiles(mode, named, attended);
    for (const file of proposed) {
      if (!taken.has(file.path)) await this.#take(file, named.names);
    }
    return {
      spans: this.#spans,
      tokens: this.#tokens,
      notices: this.#notices,
      files: values === null ? null : attendedFiles(index, values),
    };
  }

  get #tokens(): number {
    return this.#spans.reduce((sum, span) => sum + span.tokens, 0);
  }

  async #take(file: ChosenFile, names: readonly string[]): Promise<void> {
    const { budgetTokens, countTokens, readFile, search, signal } = this.#request;
    signal?.throwIfAborted();
    const read = await readFile(file.path);
    if (!read.ok) {
      const why = read.skipped.reason === 'disappeared' ? 'is gone' : 'can no longer be read';
      this.#notices.push(`${file.path} ${why} since the repository was read.`);
      return;
    }
    const text = endLine(read.text);
    const lines = text.split('\n').slice(0, -1);
    if (lines.length === 0) {
      return;
    }
    let hits = file.lines.filter((line) => line <= lines.length);
    if (search.isUnchanged(file.path, text) === false) {
      this.#notices.push(`${file.path} has changed since the repository was read.`);
      hits = relocateLines(lines, file.lines, names);
    }
    const chosen = { ...file, lines: hits };
    const left = budgetTokens - this.#tokens;
    this.#spans.push(...spansOf(chosen, lines, budgetTokens, left, countTokens));
  }
}

/**
 * Picks what to read again for a question: few spans, sharp ones. Hits come from the index, text
 * from disk as it is now; a hit whose file changed is looked for again in the new text.
 */
export async function recall(request: RecallRequest): Promise<RecallResult> {
  return request.mode === 'off' || request.budgetTokens <= 0
    ? { spans: [], tokens: 0, notices: [], files: null }
    : new Recalling(request).run();
}
