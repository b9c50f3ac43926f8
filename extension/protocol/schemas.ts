/**
 * What is checked where a message crosses a process boundary. Every schema is tied to its type, so
 * that the two cannot drift apart.
 */

import { z } from 'zod';
import type {
  Answer,
  AnswerMode,
  AskParameters,
  Budget,
  CompleteParameters,
  Completion,
  DeviceReport,
  FileShare,
  Gpu,
  OpenParameters,
  OpenResult,
  Progress,
  RecallMode,
  RefineParameters,
  Retention,
  RetentionParameters,
} from './engine.ts';
import { kvTypes, policyNames, refinePolicyNames } from './policies.ts';
import type { KvType, PolicyName, PolicyParameters } from './policies.ts';

const count = z.number().int().nonnegative();
const amount = z.number().nonnegative();
const share = z.number().min(0).max(1);
const path = z.string().min(1);

export const gpuSchema: z.ZodType<Gpu> = z.enum(['auto', 'cpu', 'cuda', 'vulkan', 'metal']);
export const policySchema: z.ZodType<PolicyName> = z.enum(policyNames);
export const policyParametersSchema: z.ZodType<PolicyParameters> = z.record(z.string(), z.string());
export const kvTypeSchema: z.ZodType<KvType> = z.enum(kvTypes);
export const threadsSchema: z.ZodType<number> = z.number().int().min(0).max(1024);
export const recallSchema: z.ZodType<RecallMode> = z.enum([
  'both',
  'attention',
  'identifiers',
  'off',
]);

export const budgetSchema: z.ZodType<Budget> = z.discriminatedUnion('unit', [
  z.object({ unit: z.literal('tokens'), value: z.number().positive() }),
  z.object({ unit: z.literal('percent'), value: z.number().positive().max(100) }),
  z.object({ unit: z.literal('mebibytes'), value: z.number().positive() }),
]);

export const answerModeSchema: z.ZodType<AnswerMode> = z.enum(['reliable', 'always']);

const question = z.string().refine((text) => text.trim().length > 0, 'The question is empty.');

export const openParametersSchema: z.ZodType<OpenParameters> = z.object({
  modelPath: path.nullable(),
  gpu: gpuSchema,
  roots: z.array(path).min(1),
  budget: budgetSchema,
  exactShare: z.boolean().optional(),
  policy: policySchema,
  policyParameters: policyParametersSchema,
  kvType: kvTypeSchema,
  threads: threadsSchema.optional(),
  observedQuestion: question.optional(),
});

export const refineParametersSchema: z.ZodType<RefineParameters> = z.object({
  policy: z.enum(refinePolicyNames),
});

export const askParametersSchema: z.ZodType<AskParameters> = z.object({
  question,
  recall: recallSchema,
  maxTokens: z.number().int().positive(),
  seed: z.number().int().nonnegative().max(0xffffffff),
  temperature: z.number().nonnegative().max(10),
  mode: answerModeSchema.optional(),
});

export const completeParametersSchema: z.ZodType<CompleteParameters> = z.object({
  path: z.string(),
  prefix: z.string(),
  suffix: z.string(),
  maxTokens: z.number().int().positive(),
});

export const retentionParametersSchema: z.ZodType<RetentionParameters> = z.object({
  path: path.nullable(),
  everyLine: z.boolean().optional(),
});

export const progressSchema: z.ZodType<Progress> = z.object({
  phase: z.enum(['loading', 'listing', 'measuring', 'reading', 'refining', 'answering']),
  files: count,
  totalFiles: count,
  tokens: count,
  totalTokens: count,
  tokensPerSecond: amount,
  etaSeconds: amount.nullable(),
  heldTokens: amount,
  budgetTokens: count,
});

const fileShareSchema: z.ZodType<FileShare> = z.object({
  path,
  tokens: count,
  kept: share,
});

export const openResultSchema: z.ZodType<OpenResult> = z.object({
  model: z.object({
    name: z.string(),
    path: z.string(),
    architecture: z.string(),
    bundled: z.boolean(),
  }),
  gpu: z.enum(['cpu', 'cuda', 'vulkan', 'metal']),
  policy: policySchema,
  policyParameters: policyParametersSchema,
  refined: z.boolean(),
  kvType: kvTypeSchema,
  budget: z.object({ tokens: count, bytes: count }),
  repository: z.object({ files: count, tokens: count, totalFiles: count, totalTokens: count }),
  roots: z.array(z.object({ name: z.string(), path })),
  memory: z.object({
    heldTokens: amount,
    keptShare: share,
    kvBytes: count,
    logicalBytes: count,
    peakKvBytes: count,
    chunkBytes: count,
  }),
  timings: z.object({ loadMs: amount, ingestMs: amount, ingestTokensPerSecond: amount }),
  files: z.array(fileShareSchema),
  skipped: z.array(
    z.object({
      path,
      reason: z.enum([
        'ignored',
        'secret',
        'binary',
        'generated',
        'too-large',
        'unreadable',
        'disappeared',
      ]),
      detail: z.string().exactOptional(),
    }),
  ),
  complete: z.boolean(),
  notices: z.array(z.string()),
  suggestions: z.array(z.string()),
});

export const answerSchema: z.ZodType<Answer> = z.object({
  question: z.string(),
  kind: z.enum(['text', 'passages']),
  answer: z.string(),
  passages: z.array(
    z.object({
      path,
      fromLine: z.number().int().positive(),
      toLine: z.number().int().positive(),
      line: z.number().int().positive(),
      text: z.string(),
    }),
  ),
  citations: z.array(z.object({ path, line: z.number().int().positive() })),
  mentions: z.array(
    z.object({
      text: z.string().min(1),
      path,
      fromLine: z.number().int().positive().nullable(),
      toLine: z.number().int().positive().nullable(),
    }),
  ),
  unknownNames: z.array(z.string()),
  recalled: z.array(
    z.object({
      path,
      fromLine: z.number().int().positive(),
      toLine: z.number().int().positive(),
      tokens: count,
      signal: z.enum(['attention', 'identifiers', 'both']),
    }),
  ),
  recalledShare: share,
  attended: z.enum(['memory', 'recalled', 'memory+recalled']),
  promptTokens: count,
  outputTokens: count,
  firstTokenMs: amount,
  tokensPerSecond: amount,
  stopReason: z.enum(['end', 'length', 'repetition', 'cancelled']),
  notices: z.array(z.string()),
});

export const completionSchema: z.ZodType<Completion> = z.object({
  text: z.string(),
  promptTokens: count,
  outputTokens: count,
  totalMs: amount,
});

export const retentionSchema: z.ZodType<Retention> = z.object({
  files: z.array(fileShareSchema),
  lines: z.array(share),
  fileLines: z.array(z.array(share)).optional(),
  heads: z.array(z.array(amount)),
});

export const deviceReportSchema: z.ZodType<DeviceReport> = z.object({
  name: z.string(),
  description: z.string(),
  kind: z.string(),
  freeBytes: amount,
  totalBytes: amount,
});

/** The code is not known to be one of ours: the other side may be another version. */
export const errorDataSchema = z.object({
  code: z.string(),
  message: z.string(),
});
