import type { Answer, Citation } from '../../protocol/answer.ts';
import type { PathMention, PathResolver } from './path-resolver.ts';
import type { FileText } from '../files/read.ts';
import { OccurrenceScanner } from './occurrences.ts';
import { questionTerms } from './question-terms.ts';
import type { RecalledText } from './recall.ts';

export interface CitationRequest {
  readonly question: string;
  readonly answer: string;
  readonly recalled: readonly Pick<RecalledText, 'path' | 'fromLine' | 'toLine'>[];
  /** Finds the files that a text names. */
  readonly resolver: PathResolver;
  /** The file as it is on disk now. */
  readonly readFile: (path: string) => Promise<FileText>;
  readonly signal?: AbortSignal;
}

const mostCitations = 5;
/** An answer's text this far below a name still belongs to it: a body below its signature. */
const reach = 3;
/** Longer answers are prose: only the names and quotations in them are looked for. */
const longestValue = 120;
/** Files beyond these that an answer names are not looked up on disk. */
const mostMentioned = 200;
const quoteMarks = '`\'"';

export interface References {
  /** Best first, at most five. */
  readonly citations: readonly Citation[];
  /** Each spelling of a file in the answer, with its lines where they exist. */
  readonly mentions: Answer['mentions'];
}

interface CandidateLine extends Citation {
  readonly score: number;
}

/** Text without the quotes and the full stop that an answer may be wrapped in. */
function bareAnswer(answer: string): string {
  const text = answer.trim().replace(/[.!]$/, '');
  let [from, to] = [0, text.length];
  while (from < to && quoteMarks.includes(text.charAt(from))) from++;
  while (to > from && quoteMarks.includes(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}

/** Whether a line holds a text that is not part of a longer word or number. */
function holds(line: string, text: string): boolean {
  const letter = /[\p{L}\p{N}_$]/u;
  for (let at = line.indexOf(text); at !== -1; at = line.indexOf(text, at + 1)) {
    const before = line[at - 1] ?? ' ';
    const after = line[at + text.length] ?? ' ';
    if (!(letter.test(before) && letter.test(text.charAt(0)))) {
      if (!(letter.test(after) && letter.test(text.charAt(text.length - 1)))) {
        return true;
      }
    }
  }
  return false;
}

/** The part of an answer that can stand in the text: all of a short one, the names in a long one. */
function answerTexts(answer: string): string[] {
  const bare = bareAnswer(answer);
  if (bare === '') {
    return [];
  }
  if (bare.length <= longestValue && !bare.includes('\n')) {
    return [bare];
  }
  return questionTerms(answer)
    .filter(({ kind }) => kind !== 'word')
    .map(({ text }) => text);
}

function scoreLines(
  path: string,
  lines: readonly string[],
  from: number,
  to: number,
  names: ReadonlySet<string>,
  answers: readonly string[],
): CandidateLine[] {
  const found: CandidateLine[] = [];
  const scanner = new OccurrenceScanner();
  let lastName = -Infinity;
  for (const [offset, text] of lines.entries()) {
    const line = offset + 1;
    const occurrences = scanner.scan(text).filter(({ name }) => names.has(name));
    if (line < from || line > to) {
      continue;
    }
    if (occurrences.length > 0) {
      lastName = line;
    }
    const name =
      occurrences.length === 0 ? 0 : occurrences.some(({ kind }) => kind !== 'use') ? 2 : 1;
    const answer = answers.some((value) => holds(text, value))
      ? line - lastName <= reach
        ? 3
        : 0.5
      : 0;
    if (name + answer > 0) {
      found.push({ path, line, score: name + answer });
    }
  }
  return found;
}

class Citing {
  readonly #request: CitationRequest;
  readonly #lines = new Map<string, readonly string[]>();

  constructor(request: CitationRequest) {
    this.#request = request;
  }

  async run(): Promise<References> {
    const { answer, question, recalled } = this.#request;
    const mentions = await this.#mentions(answer);
    const mentioned = mentions.flatMap(({ path, fromLine }) =>
      fromLine === null ? [] : [{ path, line: fromLine }],
    );
    const names = new Set(
      questionTerms(question, this.#request.resolver.mentions(question))
        .filter(({ kind }) => kind !== 'path')
        .map(({ text }) => text),
    );
    const candidates: CandidateLine[] = [];
    for (const { path, fromLine, toLine } of recalled) {
      const lines = await this.#read(path);
      candidates.push(...scoreLines(path, lines, fromLine, toLine, names, answerTexts(answer)));
    }
    const best = Math.max(0, ...candidates.map(({ score }) => score));
    const telling = candidates
      .filter(({ score }) => score >= Math.min(best, 2))
      .sort((a, b) => b.score - a.score);
    const unique = new Map<string, Citation>();
    for (const { path, line } of [...mentioned, ...telling]) {
      unique.set(`${path}:${String(line)}`, { path, line });
    }
    return { citations: [...unique.values()].slice(0, mostCitations), mentions };
  }

  /** What an answer says of files that are there: each spelling that means one, as it stands. */
  async #mentions(answer: string): Promise<Answer['mentions']> {
    const found = new Map<string, Answer['mentions'][number]>();
    for (const mention of this.#request.resolver.mentions(answer)) {
      if (found.size >= mostMentioned) break;
      const checked = await this.#check(answer, mention);
      if (checked === null) continue;
      const known = found.get(checked.text);
      // One spelling with two lines beside it means the file.
      const same = known === undefined || known.fromLine === checked.fromLine;
      found.set(checked.text, same ? checked : { ...checked, fromLine: null, toLine: null });
    }
    return [...found.values()];
  }

  /** A mention that means one file, with its lines if the file has them; null: no such file. */
  async #check(
    answer: string,
    { start, end, endWithLines, paths, lines }: PathMention,
  ): Promise<Answer['mentions'][number] | null> {
    const [path, other] = paths;
    if (path === undefined || other !== undefined) return null;
    const count = (await this.#read(path)).length;
    if (count === 0) return null;
    if (lines === null || lines.from < 1 || lines.to < lines.from || lines.to > count) {
      return { text: answer.slice(start, end), path, fromLine: null, toLine: null };
    }
    const text = answer.slice(start, endWithLines);
    return { text, path, fromLine: lines.from, toLine: lines.to };
  }

  /** The lines of a file on disk; none where it cannot be read any more. */
  async #read(path: string): Promise<readonly string[]> {
    const known = this.#lines.get(path);
    if (known !== undefined) {
      return known;
    }
    this.#request.signal?.throwIfAborted();
    const read = await this.#request.readFile(path);
    const lines = read.ok ? read.text.replace(/\n$/, '').split('\n') : [];
    this.#lines.set(path, lines);
    return lines;
  }
}

/**
 * The lines that an answer rests on, each checked against the disk: `path:line` as the answer says
 * it, and lines of the recalled spans that hold the answer's text or the question's identifiers.
 */
export async function findCitations(request: CitationRequest): Promise<References> {
  return new Citing(request).run();
}
