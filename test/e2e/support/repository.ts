/** Repositories that tests read and change. */

import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildDirectory, fromRoot } from '../../../scripts/support/paths.mjs';
import { generateRepository } from '../../quality/generator/repository.ts';
import type { Question } from '../../quality/generator/repository.ts';
import { fullRun } from '../../tools/full-run.ts';
import { writeRepository } from '../../tools/write-repository.ts';

/** A temporary repository. */
export interface TemporaryRepository {
  readonly folder: string;
  readonly questions: readonly Question[];
  /** Returns the current text of a file. */
  read(file: string): Promise<string>;
  remove(): Promise<void>;
}

/** Generates a repository of about this many tokens. */
export async function generatedRepository(tokens: number): Promise<TemporaryRepository> {
  const repository = generateRepository({ seed: 7, tokens, questions: 6 });
  const parent = await mkdtemp(path.join(tmpdir(), 'loci-e2e-'));
  const folder = path.join(parent, 'repository');
  await writeRepository(repository, folder);
  return {
    folder,
    questions: repository.questions,
    read: (file) => readFile(path.join(folder, file), 'utf8'),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}

/** The part of the sample that is read by default: 40 % of it, without missing dependencies. */
const samplePart = [
  'README.md',
  'package.json',
  'tsconfig.json',
  ...['config.ts', 'domain', 'planning', 'pricing', 'support'].map((name) => `api/src/${name}`),
];

const wholeSample = fullRun || process.env['LOCI_UPDATE_IMAGES'] === '1';

/**
 * Copies the sample repository for a test to change: all of it in a full run and for the pictures
 * of the documentation, otherwise a part.
 */
export async function sampleCopy(whole = wholeSample): Promise<TemporaryRepository> {
  // As `npm start` has it: below this project, whose packages its imports find.
  const parent = await mkdtemp(path.join(buildDirectory, 'loci-e2e-'));
  const folder = path.join(parent, 'rondo');
  for (const name of whole ? ['.'] : samplePart) {
    await cp(fromRoot('sample', name), path.join(folder, name), { recursive: true });
  }
  return {
    folder,
    questions: [],
    read: (file) => readFile(path.join(folder, file), 'utf8'),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}
