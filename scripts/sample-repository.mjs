import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fromRoot, sampleQuestionsFile, sampleRepositoryDirectory } from './support/paths.mjs';

const source = fromRoot('sample');

/**
 * Copies the sample repository to a folder where it may be edited. Edits are kept until the sample
 * itself changes.
 * @param {(text: string) => void} report
 */
export async function copySampleRepository(report) {
  const stamp = `${sampleRepositoryDirectory}.stamp`;
  const wanted = await fingerprint();
  if (existsSync(sampleRepositoryDirectory) && (await read(stamp)) === wanted) return;
  report('copying the sample repository');
  await rm(sampleRepositoryDirectory, { recursive: true, force: true });
  await cp(source, sampleRepositoryDirectory, {
    recursive: true,
    filter: (file) => path.basename(file) !== '__pycache__',
  });
  // Outside the copy, so that no reading finds the answers.
  await cp(sampleQuestionsFile, `${sampleRepositoryDirectory}.questions.json`);
  await writeFile(stamp, wanted);
}

/** A hash of all files of the sample and of the questions about it. */
async function fingerprint() {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of [...files, sampleQuestionsFile]) {
    hash.update(`${path.relative(source, file)}\0`).update(await readFile(file));
  }
  return hash.digest('hex');
}

/**
 * @param {string} file
 * @returns {Promise<string | null>}
 */
async function read(file) {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}
