/** Questions about the code itself, to measure with how well a memory serves. */

import { z } from 'zod';
import { count, line, path, seed } from '../fields.ts';
import type { Immutable, RequestType } from '../message.ts';

const probeKindSchema = z.enum(['constant', 'import', 'symbol']);
/** What a question is about: a value, where something comes from, what a definition takes. */
export type ProbeKind = z.infer<typeof probeKindSchema>;

/** How it is asked: as a line to continue, or in words. */
export const questionForms = ['line', 'words'] as const;
export const questionFormSchema = z.enum(questionForms);
export type QuestionForm = z.infer<typeof questionFormSchema>;

export const probeSchema = z.object({
  kind: probeKindSchema,
  /** Relative to its root, with forward slashes. */
  path,
  line,
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
export type Probe = Immutable<z.infer<typeof probeSchema>>;

const probesParametersSchema = z.object({
  /** How many are wanted. */
  questions: z.number().int().positive().max(10_000),
  /** Decides which are drawn. */
  seed,
  form: questionFormSchema,
});
export type ProbesParameters = Immutable<z.infer<typeof probesParametersSchema>>;

const probeSetSchema = z.object({
  /** In the order of the stream. */
  probes: z.array(probeSchema),
  /** How many the repository offers in all. */
  candidates: count,
});
export type ProbeSet = Immutable<z.infer<typeof probeSetSchema>>;

/** Questions that the repository's own code asks, to measure the memory with. */
export const probesRequest: RequestType<ProbesParameters, ProbeSet> = {
  method: 'loci/probes',
  parameters: probesParametersSchema,
  result: probeSetSchema,
};
