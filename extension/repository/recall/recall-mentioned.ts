import { endLine } from '../stream/layout.ts';
import { identifierHits } from './identifier-hits.ts';
import type { Mentioned } from './mentioned.ts';
import type { RecalledText, RecallRequest } from './recall.ts';
import { relocateLines } from './relocate.ts';
import { enclosingBlock, fitRange, type LineRange, textOf } from './spans.ts';
import { recallThresholds } from './thresholds.ts';

export type MentionedRequest = Pick<
  RecallRequest,
  'question' | 'search' | 'resolver' | 'budgetTokens' | 'countTokens' | 'readFile' | 'signal'
> & { readonly mentioned: readonly Mentioned[] };

export interface MentionedText {
  /** In the order of the question. */
  readonly spans: readonly RecalledText[];
  readonly tokens: number;
  /** Sentences for the user: what did not fit, is gone or has changed. */
  readonly notices: readonly string[];
}

/** Definitions of one name that are read again. */
const mostDefinitions = 3;
/** Files of one folder that are looked at. */
const mostFolderFiles = 100;

/** A part of a file that is wanted, and the line that stays where not all of it fits. */
interface Wanted {
  readonly range: LineRange;
  readonly hit: number;
}

class TakingMentioned {
  readonly #request: MentionedRequest;
  readonly #spans: RecalledText[] = [];
  readonly #notices: string[] = [];
  #tokens = 0;

  constructor(request: MentionedRequest) {
    this.#request = request;
  }

  async run(): Promise<MentionedText> {
    const { budgetTokens, mentioned } = this.#request;
    for (const [index, mention] of mentioned.entries()) {
      // Each gets an equal part of what is left: what takes less leaves more to the rest.
      const most = Math.floor((budgetTokens - this.#tokens) / (mentioned.length - index));
      if (mention.kind === 'folder') await this.#takeFolder(mention.path, mention.files, most);
      else if (mention.kind === 'symbol') await this.#takeSymbol(mention, most);
      else await this.#takeFile(mention.path, mention.lines, most);
    }
    return { spans: this.#spans, tokens: this.#tokens, notices: [...new Set(this.#notices)] };
  }

  async #takeFile(path: string, given: LineRange | null, most: number): Promise<void> {
    const lines = await this.#read(path);
    if (lines === null) return;
    const last = lines.length;
    const range =
      given === null
        ? { from: 1, to: last }
        : { from: Math.min(given.from, last), to: Math.min(Math.max(given.from, given.to), last) };
    const hit = given === null ? (this.#hitsIn(path)[0] ?? 1) : range.from;
    this.#take(path, lines, { range, hit: Math.min(hit, last) }, most);
  }

  async #takeSymbol(
    { name, places }: Extract<Mentioned, { kind: 'symbol' }>,
    most: number,
  ): Promise<void> {
    const chosen = places.slice(0, mostDefinitions);
    if (chosen.length < places.length) {
      this.#notices.push(
        `${name} is defined in ${String(places.length)} places. The first ${String(chosen.length)} were read again.`,
      );
    }
    const end = this.#tokens + most;
    for (const [index, { path, line }] of chosen.entries()) {
      const lines = await this.#read(path);
      if (lines === null) continue;
      const changed = this.#request.search.isUnchanged(path, textOf(lines, all(lines))) === false;
      const [at = line] = changed ? relocateLines(lines, [line], [name]) : [line];
      if (at > lines.length) continue;
      const wanted = { range: enclosingBlock(lines, at, Infinity), hit: at };
      this.#take(path, lines, wanted, Math.floor((end - this.#tokens) / (chosen.length - index)));
    }
  }

  /** Takes whole files of a folder while they fit, those that the question speaks of first. */
  async #takeFolder(path: string, files: readonly string[], most: number): Promise<void> {
    const named = new Set(this.#hits().map((hit) => hit.path));
    const ordered = [
      ...files.filter((file) => named.has(file)),
      ...files.filter((file) => !named.has(file)),
    ];
    const end = this.#tokens + most;
    let taken = 0;
    for (const file of ordered.slice(0, mostFolderFiles)) {
      const lines = await this.#read(file);
      if (lines === null) continue;
      if (this.#take(file, lines, { range: all(lines), hit: 1 }, end - this.#tokens, true)) taken++;
    }
    const [first] = ordered;
    if (taken === 0 && first !== undefined) await this.#takeFile(first, null, most);
    else if (taken < files.length) {
      this.#notices.push(
        `${path} does not fit in the working set: ${String(taken)} of its ${String(files.length)} files were read again. A higher loci.workingTokens makes room for more.`,
      );
    }
  }

  /** The lines of a file as it is now; null where there are none, and a notice says why. */
  async #read(path: string): Promise<readonly string[] | null> {
    const { readFile, signal } = this.#request;
    signal?.throwIfAborted();
    const read = await readFile(path);
    if (!read.ok) {
      const why = read.skipped.reason === 'disappeared' ? 'is gone' : 'can no longer be read';
      this.#notices.push(`${path} ${why} since the repository was read.`);
      return null;
    }
    const lines = endLine(read.text).split('\n').slice(0, -1);
    return lines.length === 0 ? null : lines;
  }

  /** @param whole whether a part of it is of no use. @returns whether anything was taken */
  #take(
    path: string,
    lines: readonly string[],
    { range, hit }: Wanted,
    most: number,
    whole = false,
  ): boolean {
    const count = (part: LineRange): number => this.#request.countTokens(path, textOf(lines, part));
    const near = within(lines, range, hit, most);
    const cut = near.from !== range.from || near.to !== range.to;
    if (whole && (cut || count(range) > most)) return false;
    const fitted = most <= 0 ? null : fitRange(lines, near, hit, { wanted: 0, most }, count);
    if (fitted === null || fitted.from > range.from || fitted.to < range.to) {
      this.#notices.push(notFitting(path, range, fitted));
    }
    if (fitted === null || this.#covers(path, fitted)) return false;
    const tokens = count(fitted);
    this.#tokens += tokens;
    this.#spans.push({
      path,
      fromLine: fitted.from,
      toLine: fitted.to,
      text: textOf(lines, fitted),
      tokens,
      signal: 'mention',
      score: 1,
    });
    return true;
  }

  #covers(path: string, { from, to }: LineRange): boolean {
    return this.#spans.some(
      (span) => span.path === path && span.fromLine <= from && to <= span.toLine,
    );
  }

  #hits(): ReturnType<typeof identifierHits>['hits'] {
    const { question, search, resolver } = this.#request;
    return identifierHits(question, search, resolver).hits;
  }

  /** The lines of a file that hold what else the question names, the likeliest first. */
  #hitsIn(path: string): number[] {
    return this.#hits()
      .filter((hit) => hit.path === path && hit.extent === 'line')
      .map(({ line }) => line);
  }
}

function all(lines: readonly string[]): LineRange {
  return { from: 1, to: lines.length };
}

/** A range without what is surely too much: a large text need not be tokenised to know that. */
function within(lines: readonly string[], range: LineRange, hit: number, most: number): LineRange {
  let left = recallThresholds.charactersPerToken * Math.max(0, most);
  let { from, to } = { from: hit, to: hit - 1 };
  while (left > 0 && (from > range.from || to < range.to)) {
    if (to < range.to) left -= (lines[to++]?.length ?? 0) + 1;
    if (left > 0 && from > range.from) left -= (lines[--from - 1]?.length ?? 0) + 1;
  }
  return { from, to: Math.max(from, to) };
}

function notFitting(path: string, range: LineRange, fitted: LineRange | null): string {
  const more = 'A higher loci.workingTokens makes room for more.';
  const wanted = `${path}:${String(range.from)}-${String(range.to)}`;
  return fitted === null
    ? `${wanted} does not fit in the working set and was not read again. ${more}`
    : `${wanted} does not fit in the working set: lines ${String(fitted.from)}-${String(fitted.to)} were read again. ${more}`;
}

/**
 * Reads again what a question names with `@`, within a budget: files whole or by the lines that are
 * given, definitions with their blocks, folders by as many whole files as fit.
 * @throws the signal's reason
 */
export async function recallMentioned(request: MentionedRequest): Promise<MentionedText> {
  return new TakingMentioned(request).run();
}
