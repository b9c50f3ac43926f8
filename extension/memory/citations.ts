import type { Citation } from '../protocol/engine.ts';
import type { FileText } from './read.ts';
import { OccurrenceScanner } from './recall/occurrences.ts';
import { questionTerms } from './recall/question-terms.ts';
import type { RecalledText } from './recall/recall.ts';

export interface CitationRequest {
  readonly question: string;
  readonly answer: string;
  readonly recalled: readonly Pick<RecalledText, 'path' | 'fromLine' | 'toLine'>[];
  /** Whether the repository has this file. */
  readonly hasFile: (path: string) => boolean;
  /** The file as it is on disk now. */
  readonly readFile: (path: string) => Promise<FileText>;
  readonly signal?: AbortSignal;
}

const mostCitations = 5;
/** An answer's text this far below a name still belongs to it: a body below its signature. */
const reach = 3;
/** Longer answers are prose: only the names and quotations in them are looked for. */
const longestValue = 120;

interface CandidateLine extends Citation {
  readonly score: number;
}

/** Text without the quotes and the full stop that an answer may be wrapped in. */
function bareAnswer(answer: string): string {
  return answer
    .trim()
    .replace(/[.!]$/, '')
    .replace(/^[`'"]+|[`'"]+$/g, '');
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

/** What of an answer can stand in the text: all of a short one, the names in a long one. */
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

const mention = /((?:[\w@.+-]+\/)*[\w@.+-]+\.\w+):(\d{1,7})\b/g;

class Citing {
  readonly #request: CitationRequest;
  readonly #lines = new Map<string, readonly string[]>();

  constructor(request: CitationRequest) {
    this.#request = request;
  }

  async run(): Promise<Citation[]> {
    const { answer, question, recalled } = this.#request;
    const mentioned = await this.#mentions(answer);
    const names = new Set(
      questionTerms(question)
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
    return [...unique.values()].slice(0, mostCitations);
  }

  /** The `path:line` of an answer, as far as there is such a line. */
  async #mentions(answer: string): Promise<Citation[]> {
    const found: Citation[] = [];
    for (const [, path = '', digits = ''] of answer.matchAll(mention)) {
      const line = Number(digits);
      if (line >= 1 && this.#request.hasFile(path) && line <= (await this.#read(path)).length) {
        found.push({ path, line });
      }
    }
    return found;
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
 * Best first, at most five.
 */
export async function findCitations(request: CitationRequest): Promise<Citation[]> {
  return new Citing(request).run();
}
