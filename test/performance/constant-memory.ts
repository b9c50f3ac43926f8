import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { generateRepository } from '../quality/generator/repository.ts';
import { writeRepository } from '../tools/write-repository.ts';

/** The context length that the bundled model declares. */
const contextTokens = 4096;
const leastContexts = 50;
/** From this chunk on, all buffers have been allocated. */
const settledChunk = 10;

/** The output of the reading process: its state after each chunk. */
export const samplesSchema = z.array(z.object({ tokens: z.number(), residentBytes: z.number() }));

export interface MemoryGrowth {
  readonly contexts: number;
  readonly chunks: number;
  readonly tenthBytes: number;
  readonly lastBytes: number;
  readonly largestBytes: number;
  /** The growth from the 10th chunk to the largest after it, divided by the 10th. */
  readonly growth: number;
}

/**
 * Reads a repository of at least fifty contexts in a separate process and measures its resident
 * set, with the bundled model and a budget of half its context.
 */
export async function measureMemoryGrowth(): Promise<MemoryGrowth> {
  const parent = await mkdtemp(join(tmpdir(), 'loci-memory-'));
  try {
    const folder = join(parent, 'large');
    const tokens = 1.05 * leastContexts * contextTokens;
    await writeRepository(generateRepository({ seed: 1, tokens, questions: 6 }), folder);
    const reader = fileURLToPath(new URL('constant-memory-reader.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', reader, folder],
      { maxBuffer: 2 ** 26 },
    );
    return growthOf(samplesSchema.parse(JSON.parse(stdout)));
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** @throws Error if less was read than the measurement requires. */
export function growthOf(samples: z.infer<typeof samplesSchema>): MemoryGrowth {
  const tenth = samples[settledChunk - 1];
  const last = samples.at(-1);
  if (tenth === undefined || last === undefined || last.tokens < leastContexts * contextTokens) {
    throw new Error(`Only ${String(last?.tokens ?? 0)} tokens were read.`);
  }
  const later = samples.slice(settledChunk).map(({ residentBytes }) => residentBytes);
  const largestBytes = Math.max(...later);
  return {
    contexts: last.tokens / contextTokens,
    chunks: samples.length,
    tenthBytes: tenth.residentBytes,
    lastBytes: last.residentBytes,
    largestBytes,
    growth: largestBytes / tenth.residentBytes - 1,
  };
}
