import { PathResolver } from './path-resolver.ts';
import type { LineHit } from './line-hit.ts';
import {
  type Intent,
  questionIntent,
  type QuestionTerm,
  questionTerms,
  questionWords,
} from './question-terms.ts';
import type { NameOccurrence, SearchIndex } from './search-index.ts';
import { recallThresholds } from './thresholds.ts';

export interface IdentifierHits {
  /** Best first, scores in (0, 1]. */
  readonly hits: readonly LineHit[];
  /** Whether a name of the question stands in the repository just as it is spelled. */
  readonly exact: boolean;
  /** The names of the question that were found, the rarest first. */
  readonly names: readonly string[];
}

interface FoundTerm {
  readonly term: QuestionTerm;
  readonly weight: number;
  readonly occurrences: readonly NameOccurrence[];
}

const { company, nearLines, occurrence, term: termWeights } = recallThresholds;

/** A term's weight falls with the number of files that hold it. */
function rarity(files: number): number {
  return 1 / (1 + Math.log2(Math.max(1, files)));
}

/** The files that a path of the question means, each by its first line or the one that is given. */
function findPath(term: QuestionTerm): FoundTerm {
  const line = Math.max(1, term.mention?.lines?.from ?? 1);
  const occurrences = (term.mention?.paths ?? [])
    .slice(0, recallThresholds.mostOccurrences)
    .map((path): NameOccurrence => ({ path, line, kind: 'definition' }));
  return { term, occurrences, weight: termWeights.path * rarity(occurrences.length) };
}

function findTerms(terms: readonly QuestionTerm[], search: SearchIndex): FoundTerm[] {
  const found: FoundTerm[] = [];
  for (const term of terms) {
    if (term.kind === 'path') {
      found.push(findPath(term));
      continue;
    }
    const { files, occurrences } = search.find(term.text, recallThresholds.mostOccurrences);
    const common = files > Math.max(3, recallThresholds.commonShare * search.fileCount);
    if (!(common && term.kind !== 'identifier')) {
      found.push({ term, occurrences, weight: termWeights[term.kind] * rarity(files) });
    }
  }
  return found.filter(({ occurrences }) => occurrences.length > 0);
}

/** The terms that hits start from: names if there are any, otherwise words. */
function anchorsOf(found: readonly FoundTerm[]): readonly FoundTerm[] {
  const names = found.filter(({ term }) => term.kind !== 'word' && term.kind !== 'number');
  const numbers = found.filter(({ term }) => term.kind === 'number');
  return names.length > 0 ? names : numbers.length > 0 ? numbers : found;
}

/** Whether a term says where to look: an ordinary word does if the code has one such name. */
function isTelling({ term, occurrences }: FoundTerm, intent: Intent): boolean {
  return term.kind !== 'word' || occurrences.filter(({ kind }) => kind === intent).length === 1;
}

/** What a second term adds to a hit: most on the same line, least elsewhere in the same file. */
function companyOf(
  hit: NameOccurrence,
  other: FoundTerm,
  scores: Readonly<Record<NameOccurrence['kind'], number>>,
): number {
  let best = 0;
  for (const { path, line, kind } of other.occurrences) {
    if (path === hit.path) {
      const distance = Math.abs(line - hit.line);
      const share =
        distance === 0 ? company.line : distance <= nearLines ? company.near : company.file;
      best = Math.max(best, share * scores[kind]);
    }
  }
  return best * other.weight;
}

function exactHits(found: readonly FoundTerm[], intent: Intent): LineHit[] {
  const scores = occurrence[intent];
  const best = new Map<string, LineHit>();
  for (const anchor of anchorsOf(found)) {
    for (const place of anchor.occurrences) {
      let score = anchor.weight * scores[place.kind];
      for (const other of found) {
        score += other === anchor ? 0 : companyOf(place, other, scores);
      }
      const { path, line } = place;
      const key = `${path}\0${String(line)}`;
      if ((best.get(key)?.score ?? 0) < score) {
        const extent =
          anchor.term.kind !== 'path'
            ? 'line'
            : anchor.term.mention?.lines === null
              ? 'file'
              : 'around';
        best.set(key, { path, line, score, signal: 'identifiers', extent });
      }
    }
  }
  return preferNamedFiles([...best.values()], found, intent);
}

/**
 * A file that the question names comes before any other that holds the same names; the others stay
 * where it asks for what imports or uses it.
 */
function preferNamedFiles(hits: LineHit[], found: readonly FoundTerm[], intent: Intent): LineHit[] {
  const files = new Set(found.flatMap(({ term }) => term.mention?.paths ?? []));
  const bestOf = (named: boolean): number =>
    hits.reduce(
      (best, { path, score }) => (files.has(path) === named ? Math.max(best, score) : best),
      0,
    );
  const [named, others] = [bestOf(true), bestOf(false)];
  if (named === 0 || others === 0) {
    return hits;
  }
  const share = intent === 'definition' ? company.file : (1 + recallThresholds.tieShare) / 2;
  const scale = Math.min(1, (share * named) / others);
  return hits.map((hit) => (files.has(hit.path) ? hit : { ...hit, score: scale * hit.score }));
}

function windowHits(question: string, search: SearchIndex): LineHit[] {
  return search.searchWindows(question, 2 * recallThresholds.mostFiles).map((window) => ({
    path: window.path,
    line: Math.floor((window.fromLine + window.toLine) / 2),
    score: window.score,
    signal: 'identifiers',
    extent: 'around',
  }));
}

function normalise(hits: LineHit[]): LineHit[] {
  const sorted = hits.sort((a, b) => b.score - a.score);
  const best = sorted[0]?.score ?? 1;
  return sorted.map((hit) => ({ ...hit, score: hit.score / best }));
}

/**
 * The lines that hold what a question names: exact spellings, definitions before uses (or what the
 * question asks for), rare names before common ones, company of the question's other terms counted;
 * where there are none, the middles of the windows that share most words with it.
 * @param resolver finds the files that the question names
 */
export function identifierHits(
  question: string,
  search: SearchIndex,
  resolver: PathResolver = new PathResolver(search.paths),
): IdentifierHits {
  const intent = questionIntent(question);
  let found = findTerms(questionTerms(question, resolver.mentions(question)), search);
  if (found.length === 0) {
    found = findTerms(questionWords(question), search).filter((term) => isTelling(term, intent));
  }
  const hits = exactHits(found, intent);
  const names = [...found].sort((a, b) => b.weight - a.weight).map(({ term }) => term.text);
  if (hits.length > 0) {
    const exact = anchorsOf(found).some((anchor) => isTelling(anchor, intent));
    return { hits: normalise(hits), exact, names };
  }
  return { hits: normalise(windowHits(question, search)), exact: false, names: [] };
}
