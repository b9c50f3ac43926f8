/** The files of a repository as they are now, beside what was read of them. */

import { setImmediate } from 'node:timers/promises';
import { endLine } from '../../repository/stream/layout.ts';
import { hashOf } from '../../repository/stream/stream-file.ts';
import { throwIfCancelled } from '../core/errors.ts';
import type { Turn } from '../core/scheduler.ts';
import type { Repository } from '../memory/repository.ts';

/** Files are read ahead of what is done with them. */
const readAhead = 8;

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
  const reading = listing.files.slice(0, readAhead).map(({ path }) => begin(path));
  for (const [at, { path }] of listing.files.entries()) {
    const ahead = listing.files[at + readAhead];
    if (ahead !== undefined) reading.push(begin(ahead.path));
    const read = await reading.shift();
    throwIfCancelled(signal);
    if (read === undefined) continue;
    if (!read.ok) {
      repository.leaveOut(read.skipped);
      continue;
    }
    gone.delete(path);
    const text = endLine(read.text);
    const known = index.fileOf(path);
    const same = known?.hash === hashOf(text);
    if (!same) changed.push(path);
    if (known !== null) repository.addText(path, text, !same);
    await setImmediate();
  }
  return [...changed, ...gone];

  function begin(path: string): ReturnType<Repository['readFile']> {
    const work = repository.readFile(path, signal);
    work.catch(() => undefined);
    return work;
  }
}
