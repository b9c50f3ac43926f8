/** Measuring how well a memory serves: questions about the code itself, and how they were answered. */

import { z } from 'zod';
import { policyNames } from './policies.ts';

/** What a question is about: a value, where something comes from, what a definition takes. */
export const probeKinds = ['constant', 'import', 'symbol'] as const;
export type ProbeKind = (typeof probeKinds)[number];

/** How it is asked: as a line to continue, or in words. */
export const questionForms = ['line', 'words'] as const;
export type QuestionForm = (typeof questionForms)[number];

const count = z.number().int().nonnegative();
const amount = z.number().nonnegative();
const share = z.number().min(0).max(1);

const probeSchema = z.object({
  kind: z.enum(probeKinds),
  /** Relative to its root, with forward slashes. */
  path: z.string().min(1),
  /** From 1. */
  line: z.number().int().positive(),
  /** What is asked about. */
  name: z.string(),
  /** The beginning of the line, up to what is asked for. */
  prompt: z.string().min(1).max(1_000),
  /** What follows in the file. */
  expected: z.string().min(1).max(1_000),
  /** The rest of the line: it decides where the last token of what is expected ends. */
  after: z.string().max(1_000),
});
/** One question: a line of a file that the model is to continue. */
export type Probe = Readonly<z.infer<typeof probeSchema>>;

export const probesParametersSchema = z.object({
  /** How many are wanted. */
  questions: z.number().int().positive().max(10_000),
  /** Decides which are drawn. */
  seed: z.number().int().nonnegative().max(0xffffffff),
  form: z.enum(questionForms),
});
export type ProbesParameters = Readonly<z.infer<typeof probesParametersSchema>>;

export const probeSetSchema = z.object({
  /** In the order of the stream. */
  probes: z.array(probeSchema),
  /** How many the repository offers in all. */
  candidates: count,
});
export type ProbeSet = Readonly<z.infer<typeof probeSetSchema>>;

/** Questions of one request: between two requests others have their turn. */
export const mostProbesPerRequest = 16;

export const scoreParametersSchema = z.object({
  probes: z.array(probeSchema).min(1).max(mostProbesPerRequest),
  form: z.enum(questionForms),
  /** Whether the memory may be attended to; without it the question stands alone. */
  attendMemory: z.boolean(),
});
export type ScoreParameters = Readonly<z.infer<typeof scoreParametersSchema>>;

const probeScoreSchema = z.object({
  /** Whether each expected token was the likeliest one. */
  exact: z.boolean(),
  /** Of all expected tokens together, in nats. */
  negativeLogLikelihood: amount,
  tokens: z.number().int().positive(),
});
export type ProbeScore = Readonly<z.infer<typeof probeScoreSchema>>;
export const probeScoresSchema = z.array(probeScoreSchema);

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
export type Accuracy = Readonly<z.infer<typeof accuracySchema>>;

const cellSchema = z.object({
  policy: z.enum(policyNames),
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
export type QualityCell = Readonly<z.infer<typeof cellSchema>>;

export const qualityReportSchema = z.object({
  model: z.string(),
  device: z.string(),
  files: count,
  tokens: count,
  seed: count,
  form: z.enum(questionForms),
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
export type QualityReport = Readonly<z.infer<typeof qualityReportSchema>>;
