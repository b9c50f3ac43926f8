import type { RecallSignal } from '../../protocol/answer.ts';
import type { RecallMode } from '../../protocol/requests/ask.ts';
import type { IdentifierHits } from './identifier-hits.ts';
import type { HitExtent, LineHit } from './line-hit.ts';
import { recallThresholds } from './thresholds.ts';

/** A file to read again, and the lines in it that the signals point at. */
export interface ChosenFile {
  readonly path: string;
  /** Best first. */
  readonly lines: readonly number[];
  readonly signal: RecallSignal;
  /** Of its best hit. */
  readonly extent: HitExtent;
  readonly score: number;
}

interface Candidate {
  readonly path: string;
  readonly hits: LineHit[];
  identifiers: number;
  attention: number;
}

function gather(hits: readonly LineHit[], weight: number, into: Map<string, Candidate>): void {
  for (const hit of hits) {
    let candidate = into.get(hit.path);
    if (candidate === undefined) {
      candidate = { path: hit.path, hits: [], identifiers: 0, attention: 0 };
      into.set(hit.path, candidate);
    }
    const score = weight * hit.score;
    candidate.hits.push({ ...hit, score });
    candidate[hit.signal] = Math.max(candidate[hit.signal], score);
  }
}

function bestLines(hits: readonly LineHit[]): number[] {
  const byLine = new Map<number, number>();
  for (const { line, score } of hits) {
    byLine.set(line, (byLine.get(line) ?? 0) + score);
  }
  const sorted = [...byLine].sort(([, a], [, b]) => b - a);
  const best = sorted[0]?.[1] ?? 0;
  return sorted
    .filter(([, score]) => score > recallThresholds.tieShare * best)
    .slice(0, recallThresholds.hitsPerFile)
    .map(([line]) => line);
}

/** @param candidate with at least one hit */
function choose({ path, hits, identifiers, attention }: Candidate): ChosenFile {
  const signal: RecallSignal =
    identifiers > 0 && attention > 0 ? 'both' : identifiers > 0 ? 'identifiers' : 'attention';
  const { extent } = hits.reduce((best, hit) => (hit.score > best.score ? hit : best));
  return { path, lines: bestLines(hits), signal, extent, score: identifiers + attention };
}

/**
 * Merges the two signals into few files, best first. Exact hits decide alone which files there are:
 * attention only orders them. Without any, both signals propose.
 */
export function chooseFiles(
  mode: RecallMode,
  identifiers: IdentifierHits,
  attention: readonly LineHit[],
): ChosenFile[] {
  const { attentionWeight, mostFiles, tieShare, windowWeight } = recallThresholds;
  const candidates = new Map<string, Candidate>();
  const named = mode === 'both' || mode === 'identifiers';
  if (named) {
    gather(identifiers.hits, identifiers.exact ? 1 : windowWeight, candidates);
  }
  if (mode === 'both' || mode === 'attention') {
    const decided = named && identifiers.exact;
    const admitted = decided ? attention.filter(({ path }) => candidates.has(path)) : attention;
    gather(admitted, decided ? attentionWeight * (1 - tieShare) : attentionWeight, candidates);
  }
  const chosen = [...candidates.values()].map(choose).sort((a, b) => b.score - a.score);
  const best = chosen[0]?.score ?? 0;
  return chosen.filter(({ score }) => score > tieShare * best).slice(0, mostFiles);
}
