import type { RecallSignal } from '../../protocol/answer.ts';

/** How exactly a hit says what to read. */
export type HitExtent = 'line' | 'around' | 'file';

/** A line that a signal points at. Scores of one signal compare; those of two do not. */
export interface LineHit {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly score: number;
  readonly signal: Exclude<RecallSignal, 'both' | 'mention'>;
  /** `line`: just there; `around`: thereabouts; `file`: the file itself is what was asked for. */
  readonly extent: HitExtent;
}
