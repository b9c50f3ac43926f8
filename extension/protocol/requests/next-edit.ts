/** Suggesting the next change near the cursor. */

import { z } from 'zod';
import { amount, count, line, path } from '../fields.ts';
import type { Immutable, RequestType } from '../message.ts';

/** Limits of what is sent, in characters and edits. */
export const longestEditDiff = 8_000;
export const mostEdits = 16;
const longestExcerpt = 16_000;

const pastEditSchema = z.object({
  path,
  /** One or more hunks of a unified diff, without the lines that name the files. */
  diff: z.string().min(1).max(longestEditDiff),
});
export type PastEdit = Immutable<z.infer<typeof pastEditSchema>>;

const nextEditParametersSchema = z.object({
  path,
  /** The number of the line that the prefix begins with: whole lines up to the cursor. */
  line,
  prefix: z.string().max(longestExcerpt),
  /** From the cursor on: whole lines, too. */
  suffix: z.string().max(longestExcerpt),
  /** Oldest first; edits of files that were not read are ignored. */
  edits: z.array(pastEditSchema).max(mostEdits),
  maxTokens: z.number().int().positive(),
});
export type NextEditParameters = Immutable<z.infer<typeof nextEditParametersSchema>>;

const lineChangeSchema = z.object({
  /** The first line that is replaced, or the one that is inserted before. */
  line,
  /** How many lines are replaced; 0: lines are inserted. */
  count,
  /** What stands there then; none: the lines are deleted. */
  lines: z.array(z.string().regex(/^[^\n\r]*$/u)),
});
export type LineChange = Immutable<z.infer<typeof lineChangeSchema>>;

const nextEditSchema = z.object({
  /** null: the model suggests nothing that is fit to be shown. */
  change: lineChangeSchema.nullable(),
  promptTokens: count,
  /** How many of those still stood in the tail. */
  reusedTokens: count,
  outputTokens: count,
  totalMs: amount,
});
export type NextEdit = Immutable<z.infer<typeof nextEditSchema>>;

/** Suggests a change of lines near the cursor. A newer one, or a completion, cancels it. */
export const nextEditRequest: RequestType<NextEditParameters, NextEdit> = {
  method: 'loci/nextEdit',
  parameters: nextEditParametersSchema,
  result: nextEditSchema,
};
