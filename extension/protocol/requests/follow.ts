/** Following files that have changed since they were read. */

import { z } from 'zod';
import { amount, count, path } from '../fields.ts';
import type { Immutable, RequestType } from '../message.ts';
import { statedPatternsSchema } from '../stated-patterns.ts';
import { openResultSchema } from './open.ts';

const followParametersSchema = z.object({
  /**
   * Absolute paths of what has changed; null: anything may have. Where all of them are files that were
   * read, nothing else is looked at.
   */
  paths: z.array(path).nullable(),
  /** Whether to go on where that takes longer than a minute, too. */
  always: z.boolean(),
  /**
   * What the user leaves out by now; absent: the same as before. Where it is another, files that are no
   * longer listed are forgotten at once, however long reading the others takes.
   */
  exclude: statedPatternsSchema.optional(),
  /** What the user pinned by now; absent as above. Files that had lost something by then are read again. */
  pin: statedPatternsSchema.optional(),
});
export type FollowParameters = Immutable<z.infer<typeof followParametersSchema>>;

export const followedSchema = z.object({
  /** Files that were read, forgotten (old versions among them), and given another path. */
  filesRead: count,
  filesForgotten: count,
  filesRenamed: count,
  tokensRead: count,
  tokensForgotten: count,
  /** Tokens of other files that went, since the heads of a layer hold equally many; mean over heads. */
  tokensEvened: amount,
  seconds: amount,
  /** Files whose change is not followed: it would take too long, or was cancelled. */
  pendingFiles: count,
  /** About how long they would take; null where they cannot be followed, but only read again. */
  pendingSeconds: amount.nullable(),
});
/** What a following did. */
export type Followed = Immutable<z.infer<typeof followedSchema>>;

const followResultSchema = z.object({
  followed: followedSchema,
  /** The memory's figures; null where nothing was done. */
  opened: openResultSchema.nullable(),
  /** Paths of the pending files. */
  pending: z.array(path),
});
export type FollowResult = Immutable<z.infer<typeof followResultSchema>>;

/**
 * Compares the files with what was read of them: what is gone, and old versions, are forgotten; what is
 * new is read behind the rest, chunk by chunk, and more urgent requests go first. Content that is still
 * held under another path is not read again. What would take longer than a minute is not begun unless
 * asked for. Cancelled it succeeds with what was done by then, and the next request goes on.
 */
export const followRequest: RequestType<FollowParameters, FollowResult> = {
  method: 'loci/follow',
  parameters: followParametersSchema,
  result: followResultSchema,
};
