import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './support/commands.mjs';
import { fromRoot, sampleRepositoryDirectory } from './support/paths.mjs';

/**
 * Nine times the bundled model's context of 4,096 tokens: more than it can hold at once.
 */
const size = { seed: 1, tokens: 36_864, questions: 60 };

const generator = fromRoot('test', 'tools', 'write-repository.ts');

/**
 * Generates the sample repository, the same on every machine, unless the one that is there came
 * from the same generator.
 * @param {(text: string) => void} report
 */
export async function generateSampleRepository(report) {
  const stamp = `${sampleRepositoryDirectory}.stamp`;
  const wanted = await fingerprint();
  if (existsSync(sampleRepositoryDirectory) && (await read(stamp)) === wanted) return;
  report('generating the sample repository');
  const options = Object.entries(size).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const tsx = fromRoot('node_modules', 'tsx', 'dist', 'cli.mjs');
  await run(process.execPath, [tsx, generator, sampleRepositoryDirectory, ...options], {
    failure: 'The sample repository could not be generated.',
  });
  await writeFile(stamp, wanted);
}

/** A hash of all that decides what the repository holds. */
async function fingerprint() {
  const folder = fromRoot('test', 'quality', 'generator');
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.test.ts')).sort();
  const sources = [generator, ...names.map((name) => path.join(folder, name))];
  const hash = createHash('sha256').update(JSON.stringify(size));
  // The dependencies' code fills the files.
  for (const file of [...sources, fromRoot('package-lock.json')]) hash.update(await readFile(file));
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
