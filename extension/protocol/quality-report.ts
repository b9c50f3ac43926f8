/** How well memories served, by policy and budget. */

import { z } from 'zod';
import { amount, count, share } from './fields.ts';
import type { Immutable } from './message.ts';
import { policySchema } from './policies.ts';
import { questionFormSchema } from './requests/probes.ts';

const accuracySchema = z.object({
  probes: count,
  /** How many were continued exactly. */
  exact: count,
  /** The share of those, and the range that holds the true one in 95 of 100 measurements. */
  share,
  low: share,
  high: share,
  /** Mean negative log likelihood of an expected token. */
  natsPerToken: amount,
});
export type Accuracy = Immutable<z.infer<typeof accuracySchema>>;

const cellSchema = z.object({
  policy: policySchema,
  /** As it was asked for, e.g. `10%`. */
  budget: z.string(),
  budgetTokens: count,
  heldTokens: amount,
  /** Of the repository's tokens. */
  budgetShare: share,
  kvBytes: count,
  readSeconds: amount,
  accuracy: accuracySchema,
});
/** One policy at one budget. */
export type QualityCell = Immutable<z.infer<typeof cellSchema>>;

export const qualityReportSchema = z.object({
  model: z.string(),
  device: z.string(),
  files: count,
  tokens: count,
  seed: count,
  form: questionFormSchema,
  /** Questions that the repository offers, and those asked by kind. */
  candidates: count,
  kinds: z.object({ constant: count, import: count, symbol: count }),
  /** The question alone, without any memory. */
  alone: accuracySchema,
  /** Everything kept; null where that does not fit. */
  full: cellSchema.nullable(),
  /** By policy, then by budget, ascending. */
  cells: z.array(cellSchema),
  /** Sentences for the user, e.g. that a budget was left out. */
  notices: z.array(z.string()),
});
export type QualityReport = Immutable<z.infer<typeof qualityReportSchema>>;
