/** A reading as it happened, in the calls that its meter got. Numbers only. */

import { z } from 'zod';

const count = z.number().int().nonnegative();

const readingEventSchema = z.union([
  /** Tokens of no file. */
  z.tuple([z.literal('overhead'), count]),
  /** Bytes and tokens of a file that enters the stream. */
  z.tuple([z.literal('file'), count, count]),
  /** Tokens of a chunk that is done, and the milliseconds since the reading began. */
  z.tuple([z.literal('advance'), count, count]),
]);
export type ReadingEvent = z.infer<typeof readingEventSchema>;

export const readingTraceSchema = z.object({
  /** The exact number of tokens where it was counted before; null where it was not. */
  expectedTokens: count.nullable(),
  events: z.array(readingEventSchema),
});
export type ReadingTrace = z.infer<typeof readingTraceSchema>;
