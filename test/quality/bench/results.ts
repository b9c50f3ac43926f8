/** The file format of results. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { recallModeSchema } from '../../../extension/protocol/requests/ask.ts';
import { kvTypes } from '../../../extension/protocol/policies.ts';
import { taskNames } from '../generator/items.ts';
import { cellName, modes } from './axes.ts';
import type { Cell } from './axes.ts';
import { outcomes } from './judge.ts';

const itemSchema = z.object({
  /** The item's index in its benchmark: the same question in every run of the repository. */
  index: z.number(),
  task: z.enum(taskNames),
  kind: z.string(),
  headline: z.boolean(),
  recall: recallModeSchema,
  /** The position in the stream of the code that states it, in [0, 1]. */
  depth: z.number(),
  outcome: z.enum(outcomes),
  score: z.number(),
  expected: z.string(),
  answer: z.string(),
  /** Only for the loss task: the negative log-likelihood of all expected tokens. */
  nats: z.number().nullable(),
  /** Tokens that were expected (loss) or written. */
  tokens: z.number(),
});
export type ItemResult = z.infer<typeof itemSchema>;

const cellSchema = z.object({
  length: z.number(),
  mode: z.enum(modes),
  kvType: z.enum(kvTypes),
  policy: z.string(),
  budget: z.string(),
});

const runSchema = z.object({
  cell: cellSchema,
  /** Everything held at one context: the reference for the other cells. */
  reference: z.boolean(),
  /** The repository's index. */
  repository: z.number(),
  /** The engine's error if the cell could not be measured. */
  failure: z.string().nullable(),
  streamTokens: z.number(),
  budgetTokens: z.number(),
  heldTokens: z.number(),
  budgetBytes: z.number(),
  kvBytes: z.number(),
  peakKvBytes: z.number(),
  chunkBytes: z.number(),
  ingestMs: z.number(),
  askMs: z.number(),
  notices: z.array(z.string()),
  items: z.array(itemSchema),
});
export type Run = z.infer<typeof runSchema>;

/** What determines the questions: runs with different questions must not share a file. */
const subjectSchema = z.object({
  model: z.string(),
  seed: z.number(),
  questions: z.number(),
  tasks: z.array(z.enum(taskNames)),
  recalls: z.array(recallModeSchema),
  budgetBytesOf: z.string(),
  repository: z.string().nullable(),
});
export type Subject = z.infer<typeof subjectSchema>;

const documentSchema = z.object({
  version: z.literal(1),
  subject: subjectSchema,
  runs: z.array(runSchema),
});
export type Document = z.infer<typeof documentSchema>;

/** Identifies a run. */
export function runKey(cell: Cell, reference: boolean, repository: number): string {
  return `${reference ? 'reference ' : ''}${cellName(cell)} #${String(repository)}`;
}

/**
 * Sorts the runs as if none had been resumed: the references, then the cells in order, each
 * repository by repository. Runs that belong to no cell come last.
 */
export function inOrder(runs: readonly Run[], cells: readonly Cell[]): Run[] {
  const places = new Map(cells.map((cell, index) => [cellName(cell), index]));
  const place = ({ cell, reference }: Run): number =>
    reference ? -1 : (places.get(cellName(cell)) ?? cells.length);
  return runs.toSorted((a, b) => place(a) - place(b) || a.repository - b.repository);
}

/** Writes a file atomically. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const file = resolve(path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.partial`, text);
  await rename(`${file}.partial`, file);
}

export function writeDocument(path: string, document: Document): Promise<void> {
  return writeWhole(path, JSON.stringify(document) + '\n');
}

/**
 * Reads the results of an earlier run.
 * @throws Error if the file has other questions or is no result file
 */
export async function readDocument(path: string, subject: Subject): Promise<Document> {
  let document: Document;
  try {
    document = documentSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new Error(`${path} cannot be resumed: it is not a file of results.`, { cause: error });
  }
  if (JSON.stringify(document.subject) !== JSON.stringify(subject)) {
    throw new Error(
      `${path} cannot be resumed: it was measured with ${JSON.stringify(document.subject)}, now asked for is ${JSON.stringify(subject)}.`,
    );
  }
  return document;
}
