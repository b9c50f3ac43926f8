/** The rest of a reading that was stopped, into the memory that holds its beginning. */

import type { Progress } from '../../protocol/notifications/progress.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { suggestQuestions } from '../answering/suggest-questions.ts';
import type { Turn } from '../core/scheduler.ts';
import { notOpen } from './held-memory.ts';
import type { HeldMemory } from './held-memory.ts';
import type { LeftOut } from './left-out.ts';
import { describeOpening } from './opening.ts';
import { Reader } from './reader.ts';

export interface Continuation {
  readonly held: HeldMemory;
  readonly turn: Turn;
  /** What the user leaves out by now. */
  readonly leftOut: LeftOut;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Reads on; where everything was read already it only says so. What was read answers in between.
 * @returns the figures of both readings together; not complete where it was cancelled again.
 * @throws EngineError `not-open`, `repository-changed`; what is held can still be asked.
 */
export async function continueMemory(continuation: Continuation): Promise<OpenResult> {
  const { held, turn, leftOut, onProgress } = continuation;
  const { read } = held;
  if (read === null) throw notOpen();
  const { basis, outcome, suggestions } = read;
  if (outcome.reading.complete) return describeOpening(basis, outcome, suggestions);
  const { repository } = outcome;
  const { budgetTokens } = basis;
  const { complete, milliseconds } = await new Reader(repository, { leftOut }).read(
    turn,
    (progress) => {
      const { heldTokens } = repository.report;
      onProgress({ phase: 'reading', ...progress, heldTokens, budgetTokens });
    },
  );
  const reading = { complete, milliseconds: outcome.reading.milliseconds + milliseconds };
  const continued = { ...outcome, reading };
  held.finish({ basis, outcome: continued, suggestions });
  if (!complete || !held.bundled) return describeOpening(basis, continued, suggestions);
  const suggested = await suggestQuestions(repository, turn.signal);
  held.finish({ basis, outcome: continued, suggestions: suggested });
  return describeOpening(basis, continued, suggested);
}
