/** A memory that is saved by one process and taken up by another. */

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { generateRepository } from '../quality/generator/repository.ts';
import { writeRepository } from '../tools/write-repository.ts';
import { folderOf } from './support/folders.ts';

const toldSchema = z.object({
  milliseconds: z.number().optional(),
  streamTokens: z.number().optional(),
  answers: z.string().optional(),
  refused: z.string().optional(),
  unread: z.boolean().optional(),
});
type Told = z.infer<typeof toldSchema>;

const program = fileURLToPath(new URL('support/memory-file.ts', import.meta.url));

async function inAnotherProcess(...parameters: readonly string[]): Promise<Told> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', program],
    ...parameters,
  ]);
  return toldSchema.parse(JSON.parse(stdout));
}

const folder = await folderOf({});
const file = path.join(folder, 'memory.loci');
let saved: Told;

beforeAll(async () => {
  const repository = path.join(folder, 'repository');
  await writeRepository(generateRepository({ seed: 5, tokens: 30_000, questions: 6 }), repository);
  saved = await inAnotherProcess(file, 'save', repository);
});

describe('a memory that was saved', () => {
  it('answers in a new process with the same logits, to the bit, without being read', async () => {
    const loaded = await inAnotherProcess(file, 'load');
    expect(loaded.answers).toBe(saved.answers);
    expect(loaded.streamTokens).toBe(saved.streamTokens);
    const share = (loaded.milliseconds ?? Infinity) / (saved.milliseconds ?? 0);
    process.stdout.write(
      `loaded in ${(loaded.milliseconds ?? 0).toFixed(1)} ms, ${(100 * share).toFixed(2)} % of reading\n`,
    );
    expect(share).toBeLessThan(0.02);
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['changed in one bit', (bytes: Buffer) => flipped(bytes, bytes.length - 1000)],
    ['of another kind', () => Buffer.from('{"memory": []}')],
    ['empty', () => Buffer.alloc(0)],
  ])('is refused in one sentence where it is %s', async (_, damage) => {
    const damaged = path.join(folder, 'damaged.loci');
    await writeFile(damaged, damage(await readFile(file)));
    const { refused, unread } = await inAnotherProcess(damaged, 'load');
    expect(refused).toMatch(/^[A-Z][^.]*\. [A-Z][^.]*\.$|^[A-Z][^.]*\.$/u);
    expect(unread).toBe(true);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
