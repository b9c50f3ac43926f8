/** Reading a repository. */

import { z } from 'zod';
import { budgetSchema } from '../budget.ts';
import { statedEncodingsSchema } from '../encodings.ts';
import { amount, count, path, question, share } from '../fields.ts';
import { fileShareSchema } from '../file-share.ts';
import { gpuSchema, usedGpuSchema } from '../gpu.ts';
import type { Immutable, RequestType } from '../message.ts';
import { threadsSchema } from '../notifications/threads.ts';
import { keepSchema } from '../keep.ts';
import { kvTypeSchema, policyParametersSchema, policySchema } from '../policies.ts';
import { skippedFileSchema } from '../skipped-file.ts';
import { statedPatternsSchema } from '../stated-patterns.ts';
import { workingTokensSchema } from '../working-set.ts';

/** More are not told of. */
export const mostOpenFiles = 256;

export const openParametersSchema = z.object({
  /** null: the bundled model. */
  modelPath: path.nullable(),
  gpu: gpuSchema,
  roots: z.array(path).min(1),
  budget: budgetSchema,
  /** Measuring takes a share of a small repository as it is; absent: see `shareTokens`. */
  exactShare: z.boolean().optional(),
  policy: policySchema,
  policyParameters: policyParametersSchema,
  kvType: kvTypeSchema,
  /** Threads to compute with; absent or 0: as many as the machine has free. */
  threads: threadsSchema.optional(),
  /**
   * Question-aware reading: what this question attends to is what is kept, so the memory is good for
   * it and for no other. Absent: for questions that are not known yet.
   */
  observedQuestion: question.optional(),
  /** What the chat, completions and measuring may take beside the budget; absent: the default. */
  workingTokens: workingTokensSchema.optional(),
  /** Encodings of files that are not UTF-8; absent, and for all others: guessed. */
  encodings: statedEncodingsSchema.optional(),
  /** What the user leaves out; absent: nothing. */
  exclude: statedPatternsSchema.optional(),
  /** What the user pinned: what is held of it stays, as far as half of the budget; absent: nothing. */
  pin: statedPatternsSchema.optional(),
  /**
   * Files that the user works on, absolute, the latest first: they and what they import are read before most
   * others. What is not read anyway does not matter; absent: none.
   */
  openFiles: z.array(path).max(mostOpenFiles).optional(),
  /** Keeping the memory on disk; absent: it goes with the engine. */
  keep: keepSchema.optional(),
});
export type OpenParameters = Immutable<z.infer<typeof openParametersSchema>>;

export const openResultSchema = z.object({
  model: z.object({
    name: z.string(),
    path: z.string(),
    architecture: z.string(),
    /** Whether it is the small model that Loci ships, which answers few kinds of question. */
    bundled: z.boolean(),
  }),
  /** The device that is really used. */
  gpu: usedGpuSchema,
  policy: policySchema,
  policyParameters: policyParametersSchema,
  /** Whether this is the memory of a second reading, which kept by reconstruction. */
  refined: z.boolean(),
  kvType: kvTypeSchema,
  budget: z.object({ tokens: count, bytes: count }),
  repository: z.object({
    /** What was read. */
    files: count,
    tokens: count,
    /** What there is to read: more than was read where reading was stopped. */
    totalFiles: count,
    /** An estimate where reading was stopped before all files were tokenised. */
    totalTokens: count,
  }),
  /** The folders, as given, under the names that paths start with; '' where there is one. */
  roots: z.array(z.object({ name: z.string(), path })),
  memory: z.object({
    heldTokens: amount,
    keptShare: share,
    kvBytes: count,
    logicalBytes: count,
    peakKvBytes: count,
    /** The most that a chunk or the working set takes beside the budget. */
    workingBytes: count,
  }),
  timings: z.object({ loadMs: amount, ingestMs: amount, ingestTokensPerSecond: amount }),
  files: z.array(fileShareSchema),
  skipped: z.array(skippedFileSchema),
  /** False where reading was stopped: answers then rest on the files that are listed. */
  complete: z.boolean(),
  /** Whether it was kept on disk and not read now; the time of reading is of when it was. */
  restored: z.boolean(),
  /** Paths of files that had changed, come or gone when a memory was restored; empty after a reading. */
  changed: z.array(path),
  /** Sentences for the user, e.g. that the budget was lowered to what the context allows. */
  notices: z.array(z.string()),
  /** Questions about this repository that the bundled model answers; empty with any other model. */
  suggestions: z.array(z.string()),
});
export type OpenResult = Immutable<z.infer<typeof openResultSchema>>;

/**
 * Loads the model and reads the repository. Cancelled after the first chunk it still succeeds, with
 * `complete: false`: what was read can be asked about.
 */
export const openRequest: RequestType<OpenParameters, OpenResult> = {
  method: 'loci/open',
  parameters: openParametersSchema,
  result: openResultSchema,
};
