/** The results in a file, from which an interrupted measurement resumes. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const origin = z.enum(['held-out', 'read', 'fact']);

const losses = z.array(z.object({ origin, losses: z.array(z.number()), greedy: z.boolean() }));

const place = z.object({
  origin,
  kind: z.enum([
    'import',
    'call',
    'line',
    'constant',
    'member',
    'default',
    'source',
    'parameters',
    'base',
  ]),
  heldOutPath: z.string(),
  prefix: z.string(),
  expected: z.string(),
});

const repository = z.object({
  streamTokens: z.number(),
  heldOut: z.array(z.string()),
  places: z.array(place),
  /** By the name of an arm; null if the model cannot hold that much. */
  arms: z.record(z.string(), losses.nullable()),
});

const schema = z.object({
  version: z.literal(2),
  task: z.enum(['T1', 'T2']),
  /** Results of different settings must not be mixed. */
  settings: z.object({
    model: z.string(),
    seed: z.number(),
    places: z.number(),
    prefix: z.number(),
    origins: z.array(z.string()),
  }),
  repositories: z.record(z.string(), repository),
});

export type MeasuredDocument = z.infer<typeof schema>;
export type MeasuredRepository = z.infer<typeof repository>;

/**
 * Reads the results of an earlier run; an empty document if there is no file.
 * @throws Error if the file is no such document or has other settings
 */
export async function readMeasured(
  file: string | null,
  task: MeasuredDocument['task'],
  settings: MeasuredDocument['settings'],
): Promise<MeasuredDocument> {
  const empty: MeasuredDocument = { version: 2, task, settings, repositories: {} };
  const text = file === null ? null : await readFile(file, 'utf8').catch(missing);
  if (text === null) return empty;
  const parsed = schema.safeParse(jsonOf(text));
  const { success, data } = parsed;
  if (
    !success ||
    data.task !== task ||
    JSON.stringify(data.settings) !== JSON.stringify(settings)
  ) {
    throw new Error(`${String(file)} was measured with other settings; name another file.`);
  }
  return data;
}

/** Writes the file atomically. */
export async function writeMeasured(
  file: string | null,
  document: MeasuredDocument,
): Promise<void> {
  if (file === null) return;
  await writeFile(`${file}.partial`, `${JSON.stringify(document)}\n`);
  await rename(`${file}.partial`, file);
}

function missing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
