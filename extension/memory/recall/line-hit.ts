import type { RecallSignal } from '../../protocol/engine.ts';

/** A line that a signal points at. Scores of one signal compare; those of two do not. */
export interface LineHit {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly score: number;
  readonly signal: Exclude<RecallSignal, 'both'>;
}
