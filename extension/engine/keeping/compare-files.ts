/** The files of a repository as they are now, beside what was read of them. */

import type { Turn } from '../core/scheduler.ts';
import { readAhead } from '../memory/read-ahead.ts';
import type { Repository } from '../memory/repository.ts';

/**
 * Reads every file of the listing, and adds the text of those in the index to what is searched. Files
 * that could not be read are left out.
 * @returns paths of files that changed, came or went since they were read
 * @throws EngineError `cancelled`
 */
export async function compareFiles(
  repository: Repository,
  { signal }: Pick<Turn, 'signal'>,
): Promise<string[]> {
  const { index, listing } = repository;
  const changed: string[] = [];
  const gone = new Set(index.files.map(({ path }) => path));
  for await (const read of readAhead(listing.files, signal)) {
    if ('skipped' in read) {
      repository.leaveOut(read.skipped);
      continue;
    }
    const { path } = read.file;
    gone.delete(path);
    const known = index.fileOf(path);
    const same = known?.hash === read.hash;
    if (!same) changed.push(path);
    if (known !== null) repository.addText(path, read.text, !same);
  }
  return [...changed, ...gone];
}
