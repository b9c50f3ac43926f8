/** What takes long to make is kept in `.cache/build`, by the hash of all that it is made from. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { cacheDirectory } from '../../scripts/support/paths.mjs';

/** A build removes what has not been used for this long. */
const keptMs = 7 * 86_400_000;

/**
 * The file that is made from some ingredients; it is made where it is not there yet.
 * @param name ends with the file's extension
 * @param ingredients all that the content depends on, the code that makes it included
 * @param build writes the file to the path that it is given
 * @param folder where such files are kept
 * @returns its path; the file must not be changed
 */
export async function builtOnce(
  name: string,
  ingredients: readonly (string | Uint8Array)[],
  build: (file: string) => Promise<void>,
  folder = path.join(cacheDirectory, 'build'),
): Promise<string> {
  const hash = createHash('sha256');
  for (const ingredient of ingredients) {
    hash.update(`${String(ingredient.length)}\n`).update(ingredient);
  }
  const { name: stem, ext } = path.parse(name);
  const file = path.join(folder, `${stem}-${hash.digest('hex').slice(0, 16)}${ext}`);
  const now = new Date();
  if (existsSync(file)) {
    await utimes(file, now, now);
    return file;
  }
  await mkdir(folder, { recursive: true });
  await removeOld(folder, now.getTime() - keptMs);
  const partial = `${file}.${String(process.pid)}`;
  try {
    await build(partial);
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
  return file;
}

async function removeOld(folder: string, before: number): Promise<void> {
  for (const entry of await readdir(folder)) {
    const file = path.join(folder, entry);
    if ((await stat(file)).mtimeMs < before) await rm(file, { recursive: true, force: true });
  }
}
