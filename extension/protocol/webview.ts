/**
 * Messages between the extension and its views. Both sides check what arrives: a view shows
 * text of the repository, so nothing that it sends is taken on trust.
 */

import { z } from 'zod';
import { answerSchema, fileAttentionSchema } from './answer.ts';
import { errorCodes } from './errors.ts';
import { amount, count, line, path } from './fields.ts';
import { fileShareSchema } from './file-share.ts';
import type { Immutable } from './message.ts';
import { progressSchema } from './notifications/progress.ts';
import { qualityReportSchema } from './quality-report.ts';
import { readingEstimateSchema } from './reading-estimate.ts';
import { fileRetentionSchema } from './requests/file-retention.ts';
import { longestQuery, mentionSuggestionSchema } from './requests/suggest-mentions.ts';
import { questionWeightSchema } from './requests/weigh-question.ts';

/** Files that were not read, for one reason. */
const skippedGroupSchema = z.object({
  reason: z.string(),
  count,
  /** The first of them. */
  paths: z.array(z.string()),
  /** What was found in each of `paths`, or ''. */
  details: z.array(z.string()).exactOptional(),
});
export type SkippedGroup = Immutable<z.infer<typeof skippedGroupSchema>>;

const memorySummarySchema = z.object({
  model: z.string(),
  /** Whether it is the model that Loci ships, which answers few kinds of question. */
  bundled: z.boolean(),
  /** Questions that it answers. */
  suggestions: z.array(z.string()),
  device: z.string(),
  policy: z.string(),
  /** Files and tokens that were read. */
  files: count,
  tokens: count,
  /** Those of the whole repository: more where reading was stopped. */
  totalFiles: count,
  totalTokens: count,
  heldTokens: amount,
  budgetTokens: count,
  /** Keys and values that are held. */
  heldBytes: count,
  /** All that is allocated for keys and values. */
  kvBytes: count,
  budgetBytes: count,
  /** The most that is taken beside the budget. */
  workingBytes: count,
  readSeconds: amount,
  tokensPerSecond: amount,
  /** False where reading was stopped. */
  complete: z.boolean(),
  /** What happened lately, e.g. a crash: not to be overlooked. */
  alert: z.string().nullable(),
  /** Which settings it was read with, where they are others by now. */
  outdated: z.string().nullable(),
  notices: z.array(z.string()),
  skipped: z.array(skippedGroupSchema),
  /** Files that have changed, come or gone since they were read. */
  changedFiles: count,
});
export type MemorySummary = Immutable<z.infer<typeof memorySummarySchema>>;

const sessionViewSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('no-folder') }),
  /** `unloaded`: what is kept on disk comes back when it is needed. */
  z.object({ kind: z.literal('idle'), unloaded: z.boolean().exactOptional() }),
  z.object({ kind: z.literal('counting'), files: count }),
  z.object({ kind: z.literal('proposed'), estimate: readingEstimateSchema }),
  z.object({
    kind: z.literal('reading'),
    cause: z.enum(['requested', 'settings', 'restart', 'continued']),
    progress: progressSchema.nullable(),
    cancelling: z.boolean(),
    notice: z.string().nullable(),
    /** The earlier memory, which answers meanwhile. */
    summary: memorySummarySchema.nullable(),
  }),
  z.object({ kind: z.literal('ready'), summary: memorySummarySchema }),
  z.object({ kind: z.literal('cancelled') }),
  z.object({ kind: z.literal('restarting'), message: z.string(), delayMs: amount }),
  z.object({ kind: z.literal('failed'), code: z.enum(errorCodes), message: z.string() }),
]);
export type SessionView = Immutable<z.infer<typeof sessionViewSchema>>;

/** The memory that answers now; null where there is none. */
export function summaryOf(session: SessionView): MemorySummary | null {
  return session.kind === 'ready' || session.kind === 'reading' ? session.summary : null;
}

const turnStatusSchema = z.discriminatedUnion('kind', [
  /** For the reading to end. */
  z.object({ kind: z.literal('waiting') }),
  z.object({ kind: z.literal('answering') }),
  z.object({ kind: z.literal('done'), result: answerSchema }),
  z.object({ kind: z.literal('stopped') }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);
export type TurnStatus = Immutable<z.infer<typeof turnStatusSchema>>;

/** A question and what came of it. */
export const turnSchema = z.object({
  id: count,
  question: z.string(),
  /** So far, or in the end. */
  answer: z.string(),
  /** What the model writes for itself before the answer, while it writes it; absent: nothing yet. */
  reasoning: z.string().exactOptional(),
  status: turnStatusSchema,
});
export type Turn = Immutable<z.infer<typeof turnSchema>>;

/** Whether the model wrote an answer to it, which later turns may follow up on. */
export function isWritten({ status }: Turn): boolean {
  return status.kind === 'done' && status.result.kind === 'text' && status.result.answer !== '';
}

/** To the chat. */
export const toChatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session'), session: sessionViewSchema }),
  /** Replaces all turns. */
  z.object({ type: z.literal('conversation'), turns: z.array(turnSchema) }),
  /** Adds a turn, or replaces the one of that number. */
  z.object({ type: z.literal('turn'), turn: turnSchema }),
  /** More of an answer. */
  z.object({ type: z.literal('text'), id: count, text: z.string() }),
  /** More of what the model writes for itself before it. */
  z.object({ type: z.literal('reasoning'), id: count, text: z.string() }),
  /** Puts the caret into the ask box. */
  z.object({ type: z.literal('focus') }),
  /** Begins the question with this text, in front of what is written already. */
  z.object({ type: z.literal('draft'), text: z.string() }),
  /** What was asked for by `suggest`. */
  z.object({
    type: z.literal('suggestions'),
    query: z.string(),
    items: z.array(mentionSuggestionSchema),
  }),
  /** What was asked for by `weigh`; null: nothing is remembered that could tell. */
  z.object({
    type: z.literal('weight'),
    question: z.string(),
    weight: questionWeightSchema.nullable(),
  }),
  /** What was asked for by `drop`: mentions for where the caret is, and what to say of the rest. */
  z.object({ type: z.literal('dropped'), text: z.string(), hint: z.string().nullable() }),
  /** What is selected in the editor is something else now. */
  z.object({ type: z.literal('selection') }),
]);
export type ToChat = Immutable<z.infer<typeof toChatSchema>>;

/** What the user has said of files; paths of folders end with a slash. Absent: nothing. */
const choicesShape = {
  excluded: z.array(path).exactOptional(),
  pinned: z.array(path).exactOptional(),
};

/** To the list of files. */
export const toMemorySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('memory'),
    session: sessionViewSchema,
    files: z.array(fileShareSchema),
    ...choicesShape,
  }),
  z.object({ type: z.literal('session'), session: sessionViewSchema }),
]);
export type ToMemory = Immutable<z.infer<typeof toMemorySchema>>;

/** To the map of the memory. */
export const toMapSchema = z.discriminatedUnion('type', [
  /** Every file that was read so far, and those of them that have changed since. */
  z.object({
    type: z.literal('map'),
    session: sessionViewSchema,
    files: z.array(fileShareSchema),
    changed: z.array(path),
    ...choicesShape,
  }),
  z.object({ type: z.literal('session'), session: sessionViewSchema }),
  /** What the last question attended to, the most first; none where that was not observed. */
  z.object({ type: z.literal('attention'), files: z.array(fileAttentionSchema) }),
  /** What was asked for by `inspect`; null where the engine cannot tell. */
  z.object({ type: z.literal('inspected'), path, retention: fileRetentionSchema.nullable() }),
]);
export type ToMap = Immutable<z.infer<typeof toMapSchema>>;

/** To the measurement of quality. */
export const toQualitySchema = z.object({
  type: z.literal('quality'),
  report: qualityReportSchema,
});
export type ToQuality = Immutable<z.infer<typeof toQualitySchema>>;

export const actionSchema = z.enum([
  'read',
  'read-changes',
  'continue',
  'not-now',
  'cancel',
  'restart',
  'stop',
  'show-log',
  'show-memory',
  'open-settings',
  'choose-model',
  'open-folder',
]);
export type Action = Immutable<z.infer<typeof actionSchema>>;

export const longestQuestion = 20_000;
/** The longest piece of code that is copied or inserted from an answer, in UTF-16 units. */
export const longestCode = 1_000_000;

/** The most files that are dropped at a time, and the longest address of one, in UTF-16 units. */
export const mostDropped = 50;
export const longestUri = 4_096;

/** From any view. */
export const fromViewSchema = z.discriminatedUnion('type', [
  /** The view listens; it is sent everything. */
  z.object({ type: z.literal('loaded') }),
  z.object({ type: z.literal('ask'), question: z.string().min(1).max(longestQuestion) }),
  z.object({ type: z.literal('action'), action: actionSchema }),
  /** Asks what an `@` may mean. */
  z.object({ type: z.literal('suggest'), query: z.string().max(longestQuery) }),
  /** Asks how much room a question takes. */
  z.object({ type: z.literal('weigh'), question: z.string().min(1).max(longestQuestion) }),
  /** Asks how a question names files and folders that were dropped on it. */
  z.object({
    type: z.literal('drop'),
    uris: z.array(z.string().max(longestUri)).min(1).max(mostDropped),
  }),
  /** Opens a file of the workspace, at these lines if given. */
  z.object({
    type: z.literal('open'),
    path: z.string().min(1),
    fromLine: line.nullable(),
    toLine: line.nullable(),
  }),
  /** Asks another question in place of a turn's; that turn and the later ones go. */
  z.object({
    type: z.literal('edit'),
    id: count,
    question: z.string().min(1).max(longestQuestion),
  }),
  /** Writes the answer of the last turn again. */
  z.object({ type: z.literal('regenerate'), id: count }),
  /** Copies the answer of a turn. */
  z.object({ type: z.literal('copy'), id: count }),
  /** Takes a budget that was measured into the settings. */
  z.object({ type: z.literal('use-budget'), budget: z.string().min(1).max(40) }),
  /** Asks what each layer and head holds of a file. */
  z.object({ type: z.literal('inspect'), path }),
  /** Copies one piece of code of an answer. */
  z.object({ type: z.literal('copy-code'), text: z.string().min(1).max(longestCode) }),
  /** Inserts a piece of code at the cursor of the active editor. */
  z.object({ type: z.literal('insert'), text: z.string().min(1).max(longestCode) }),
  /** Proposes a piece of code as a change of a file; null: of the active editor's. */
  z.object({
    type: z.literal('apply'),
    text: z.string().min(1).max(longestCode),
    path: path.nullable(),
  }),
  /** Makes a new, unsaved file of a piece of code. */
  z.object({
    type: z.literal('new-file'),
    text: z.string().min(1).max(longestCode),
    language: z.string().max(100),
  }),
  /** A message that the view could not read, or a fault in it. */
  z.object({ type: z.literal('fault'), message: z.string().max(2_000) }),
]);
export type FromView = Immutable<z.infer<typeof fromViewSchema>>;
