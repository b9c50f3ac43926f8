/** One reading from its plan to the memory that answers. */

import { isBundledModel } from '../../models/bundled.ts';
import type { Progress } from '../../protocol/notifications/progress.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { EngineError } from '../core/errors.ts';
import type { HeldMemory } from './held-memory.ts';
import type { LeftOut } from './left-out.ts';
import { describeOpening, policyOf } from './opening.ts';
import { prepareReading } from './prepare-reading.ts';
import type { Preparation } from './prepare-reading.ts';
import { Reader } from './reader.ts';
import type { Refiner } from './refine.ts';
import type { Turn } from '../core/scheduler.ts';
import { suggestQuestions } from '../answering/suggest-questions.ts';

export interface Loading extends Omit<
  Preparation,
  'signal' | 'heldBytes' | 'release' | 'onProgress'
> {
  readonly held: HeldMemory;
  /** Owns what a second reading of the memory that is held has kept. */
  readonly refiner: Pick<Refiner, 'bytes' | 'drop'>;
  /** Gives up what is held, the second reading included; may be called twice. */
  readonly release: () => void;
  /** What the user leaves out by now. */
  readonly leftOut: LeftOut;
  readonly turn: Turn;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Reads what a plan asks for. Where both memories fit, the one before stays in place until the new
 * one is complete; another model takes its weights, so with another model it goes first.
 * @throws EngineError; `cancelled` where the memory before stays, or nothing was read.
 */
export async function loadMemory(loading: Loading): Promise<OpenResult> {
  const { held, refiner, leftOut, turn, plan, onProgress } = loading;
  const { repository, basis } = await prepareReading({
    ...loading,
    signal: turn.signal,
    heldBytes: () => held.bytes + refiner.bytes,
  });
  const { budgetTokens } = basis;
  const bundled = isBundledModel(plan.metadata.path);
  const before = held.repository;
  if (before === null) held.hold(repository, bundled);
  try {
    const reading = await new Reader(repository, { leftOut }).read(turn, (progress) => {
      const { heldTokens } = repository.report;
      onProgress({ phase: 'reading', ...progress, heldTokens, budgetTokens });
    });
    if (before !== null) {
      if (!reading.complete) throw new EngineError('cancelled', 'Reading was cancelled.');
      refiner.drop();
      held.hold(repository, bundled);
    }
    const suggestions =
      bundled && reading.complete ? await suggestQuestions(repository, turn.signal) : [];
    const outcome = {
      policy: policyOf(plan),
      refined: false,
      repository,
      reading,
      restored: false,
      changed: [],
    };
    held.finish({ basis, outcome, suggestions });
    return describeOpening(basis, outcome, suggestions);
  } catch (error) {
    if (held.repository !== repository) repository.dispose();
    throw error;
  } finally {
    // Discard the memory if nothing was read.
    if (held.repository === repository && repository.report.streamTokens === 0) held.release();
  }
}
