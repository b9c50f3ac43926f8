/** Repositories for the tests to read and to write in. */

import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { sampleRepositoryDirectory } from '../../../scripts/support/paths.mjs';
import { generateRepository } from '../../quality/generator/repository.ts';
import { writeRepository } from '../../tools/write-repository.ts';

const questionsSchema = z.array(
  z.object({
    kind: z.string(),
    question: z.string(),
    answer: z.string(),
    /** The name that is asked about. */
    key: z.string(),
    path: z.string(),
    line: z.number(),
    endLine: z.number(),
  }),
);
/** A question with its one right answer, and where the repository states it. */
export type KnownQuestion = z.infer<typeof questionsSchema>[number];

/** A throw-away repository. */
export interface TemporaryRepository {
  readonly folder: string;
  readonly questions: readonly KnownQuestion[];
  /** Its text now. */
  read(file: string): Promise<string>;
  remove(): Promise<void>;
}

/** A copy of the sample repository, nine times as long as the bundled model's context. */
export async function sampleRepository(): Promise<TemporaryRepository> {
  const text = await readFile(`${sampleRepositoryDirectory}.questions.json`, 'utf8');
  return temporary(questionsSchema.parse(JSON.parse(text)), async (folder) => {
    await cp(sampleRepositoryDirectory, folder, { recursive: true });
  });
}

/** A repository of about so many tokens. */
export async function smallRepository(tokens: number): Promise<TemporaryRepository> {
  const repository = generateRepository({ seed: 7, tokens, questions: 6 });
  return temporary(repository.questions, (folder) => writeRepository(repository, folder));
}

async function temporary(
  questions: readonly KnownQuestion[],
  write: (folder: string) => Promise<void>,
): Promise<TemporaryRepository> {
  const parent = await mkdtemp(path.join(tmpdir(), 'loci-e2e-'));
  const folder = path.join(parent, 'repository');
  await write(folder);
  return {
    folder,
    questions,
    read: (file) => readFile(path.join(folder, file), 'utf8'),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}
