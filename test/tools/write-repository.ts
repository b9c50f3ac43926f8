/**
 * Writes a generated repository to a folder, and its questions to `<folder>.questions.json`.
 *
 *     npx tsx test/tools/write-repository.ts build/sample-repository --seed 1 --tokens 34000 --questions 60
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { GeneratedRepository } from '../quality/generator/repository.ts';
import { generateRepository } from '../quality/generator/repository.ts';

/** Writes the files of a repository and removes everything else in the folder. */
export async function writeRepository(
  repository: Pick<GeneratedRepository, 'files'>,
  folder: string,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [path, text] of repository.files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

/** Returns the path of a repository's questions: outside it, so that no reading finds them. */
export function questionsPath(folder: string): string {
  return `${folder}.questions.json`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      tokens: { type: 'string', default: '34000' },
      questions: { type: 'string', default: '60' },
    },
  });
  const folder = resolve(positionals[0] ?? 'build/sample-repository');
  const repository = generateRepository({
    seed: Number(values.seed),
    tokens: Number(values.tokens),
    questions: Number(values.questions),
  });
  await writeRepository(repository, folder);
  await writeFile(questionsPath(folder), JSON.stringify(repository.questions, null, 2) + '\n');
  console.log(`${folder}: ${String(repository.files.size)} files`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
