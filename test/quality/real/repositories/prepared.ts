/** Prepares a listed package for measuring: fetched, some files held out, everything renamed. */
import path from 'node:path';
import { cacheDirectory } from '../../../../scripts/support/paths.mjs';
import { Failure } from '../../../../scripts/support/failure.mjs';
import { renameRepository } from '../rename/rename.ts';
import { readFolder } from './fetch.ts';
import { divide } from './hold-out.ts';
import type { Division } from './hold-out.ts';
import { folderName } from './list.ts';
import type { ListedRepository } from './list.ts';
import { contentHash } from './sources.ts';
import type { Files } from './sources.ts';

export interface Prepared {
  /** The renamed package name: a folder may have it, and the model sees it. */
  readonly name: string;
  /** All files, renamed. */
  readonly files: Files;
  /** With the new paths. */
  readonly division: Division;
}

/**
 * Reads a package that `npm run repositories` fetched and prepares it by seed.
 * @param folder that contains the packages
 * @throws Failure if it was not fetched or has changed
 */
export async function prepare(
  entry: ListedRepository,
  seed: number,
  folder = path.join(cacheDirectory, 'repositories'),
): Promise<Prepared> {
  const files = await readFolder(path.join(folder, folderName(entry)));
  if (contentHash(files) !== entry.sha256) {
    throw new Failure(`${entry.name} ${entry.version} is not here. Run "npm run repositories".`);
  }
  return prepareFiles(files, { seed, name: entry.name });
}

/** Holds files out and renames all of them. @throws Error if no file can be held out */
export function prepareFiles(
  files: Files,
  options: { readonly seed: number; readonly name: string },
): Prepared {
  const division = divide(files, options);
  const { files: renamed, paths, rename } = renameRepository(files, options);
  const newPaths = (old: readonly string[]): string[] =>
    old.map((file) => paths.get(file) ?? file).sort();
  return {
    name: rename(options.name.replaceAll(/[^\w-]+/gu, '-').replace(/^-/u, '')),
    files: renamed,
    division: {
      entries: newPaths(division.entries),
      read: newPaths(division.read),
      heldOut: newPaths(division.heldOut),
    },
  };
}
