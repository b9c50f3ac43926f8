/** Passages in place of an answer: the lines that a question is most likely about, verbatim. */

import { identifierHits } from '../../repository/recall/identifier-hits.ts';
import type { Mentioned } from '../../repository/recall/mentioned.ts';
import { relocateLines } from '../../repository/recall/relocate.ts';
import { windowLines } from '../../repository/recall/search-index.ts';
import { enclosingBlock, textOf } from '../../repository/recall/spans.ts';
import type { LineRange } from '../../repository/recall/spans.ts';
import { subWords } from '../../repository/recall/sub-words.ts';
import { unknownNames } from '../../repository/recall/unknown-names.ts';
import type { Answer, Passage } from '../../protocol/answer.ts';
import { recogniseForm } from '../../quality/question-forms.ts';
import type { AskContext } from './ask.ts';
import type { Repository } from '../memory/repository.ts';

/** More would be a list of search results, not an answer. */
const mostPassages = 4;
/** The limit per file: the next best file may be the right one. */
const mostOfFile = 2;
/** Lines of one passage; a longer block is cut around the matching line. */
const mostLines = 12;

/** What finding passages needs of a repository. */
export type PassageSource = Pick<Repository, 'search' | 'resolver' | 'readFile' | 'incompleteness'>;

/** Answers with passages found by the question's names and words. @throws the signal's reason */
export async function answerWithPassages(
  repository: PassageSource,
  question: string,
  { signal, askedAt, mentioned = [] }: Pick<AskContext, 'signal' | 'askedAt' | 'mentioned'>,
): Promise<Answer> {
  const found = identifierHits(question, repository.search, repository.resolver);
  const named = mentioned.flatMap(placesOf);
  const hits = [...named, ...found.hits];
  const names = [
    ...mentioned.flatMap((each) => (each.kind === 'symbol' ? [each.name] : [])),
    ...found.names,
  ];
  const passages: Passage[] = [];
  const notices: string[] = [];
  for (const { path, line, extent } of hits) {
    if (passages.length >= mostPassages) break;
    if (isShown(passages, path, line) || countOf(passages, path) >= mostOfFile) continue;
    signal.throwIfAborted();
    const read = await repository.readFile(path, signal);
    if (!read.ok) continue;
    const lines = read.text.replace(/\n$/u, '').split('\n');
    const changed = repository.search.isUnchanged(path, ended(read.text)) === false;
    const [near] = changed ? relocateLines(lines, [line], names) : [line];
    const found =
      near !== undefined && extent === 'around' ? likeliestLine(lines, near, question) : near;
    if (found === undefined || found > lines.length || isShown(passages, path, found)) continue;
    if (changed) notices.push(`${path} has changed since the repository was read.`);
    const range = passageAround(lines, found);
    const text = textOf(lines, range).replace(/\n$/u, '');
    passages.push({ path, fromLine: range.from, toLine: range.to, line: found, text });
  }
  return {
    question,
    kind: 'passages',
    answer: leadOf(repository, question, passages),
    passages,
    citations: passages.map(({ path, line }) => ({ path, line })),
    mentions: [],
    // The sentence states what is missing.
    unknownNames: [],
    recalled: [],
    recalledShare: 0,
    attended: 'recalled',
    promptTokens: 0,
    reusedTokens: 0,
    earlierTurns: 0,
    seenTurns: 0,
    outputTokens: 0,
    firstTokenMs: performance.now() - askedAt,
    tokensPerSecond: 0,
    stopReason: 'end',
    notices: [...new Set(notices), ...repository.incompleteness()],
  };
}

/** Where a definition or the lines that the question names are; whole files it names are found as names. */
function placesOf(mention: Mentioned): { path: string; line: number; extent: 'line' }[] {
  if (mention.kind === 'symbol') {
    return mention.places.map(({ path, line }) => ({ path, line, extent: 'line' }));
  }
  if (mention.kind === 'folder' || mention.lines === null) return [];
  return [{ path: mention.path, line: mention.lines.from, extent: 'line' }];
}

/** Describes the passages in one sentence, and whether a name in the question is missing. */
function leadOf(
  { search, resolver }: Pick<PassageSource, 'search' | 'resolver'>,
  question: string,
  passages: readonly Passage[],
): string {
  const formed = recogniseForm(question);
  const missing = new Set(unknownNames(question, search, resolver));
  if (formed !== null && search.find(formed.name, 1).files === 0) missing.add(formed.name);
  const some = passages.length > 0;
  if (missing.size > 0) {
    const list = [...missing].map((name) => `“${name}”`).join(', ');
    const verb = missing.size === 1 ? 'does' : 'do';
    const sentence = `${list} ${verb} not occur in what was read.`;
    return some ? `${sentence} The closest passages:` : sentence;
  }
  if (!some) {
    return 'Nothing in this repository matches the question. Name a function, a constant or a file.';
  }
  if (formed?.form === 'file') {
    const { occurrences } = search.find(formed.name, 20);
    const definitions = occurrences.filter(({ kind }) => kind === 'definition');
    // The first passage is the best hit, at its current line.
    const shown = passages.find(({ path }) => path === definitions[0]?.path);
    if (shown !== undefined && definitions.length === 1) {
      return `${formed.name} is defined in ${shown.path}:${String(shown.line)}.`;
    }
  }
  return 'Here is where I would look:';
}

/** Returns the line that shares most words with the question, in a window found by its words. */
function likeliestLine(lines: readonly string[], middle: number, question: string): number {
  const wanted = new Set(subWords(question));
  const half = windowLines / 2;
  let best = middle;
  let bestScore = 0;
  for (
    let line = Math.max(1, middle - half);
    line <= Math.min(lines.length, middle + half);
    line++
  ) {
    const score = new Set(subWords(lines[line - 1] ?? '').filter((word) => wanted.has(word))).size;
    if (score > bestScore) {
      best = line;
      bestScore = score;
    }
  }
  return best;
}

/** Returns the block around a line, cut to {@link mostLines} around it. */
function passageAround(lines: readonly string[], line: number): LineRange {
  const block = enclosingBlock(lines, line);
  // A single line is easier to understand with the lines after it.
  const wide =
    block.from === block.to
      ? { from: Math.max(1, line - 1), to: Math.min(lines.length, line + 4) }
      : block;
  const from = Math.max(wide.from, Math.min(line - 2, wide.to - mostLines + 1));
  return { from, to: Math.min(wide.to, from + mostLines - 1) };
}

function isShown(passages: readonly Passage[], path: string, line: number): boolean {
  return passages.some(
    (shown) => shown.path === path && shown.fromLine <= line && line <= shown.toLine,
  );
}

function countOf(passages: readonly Passage[], path: string): number {
  return passages.filter((shown) => shown.path === path).length;
}

/** Ends the last line, as in the index. */
function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
