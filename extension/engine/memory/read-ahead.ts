/** Texts of many files, read ahead of what is done with them. */

import { setImmediate } from 'node:timers/promises';
import type { RepositoryFile } from '../../repository/files/listing.ts';
import { readText } from '../../repository/files/read.ts';
import type { FileText } from '../../repository/files/read.ts';
import { endLine } from '../../repository/stream/layout.ts';
import { hashOf } from '../../repository/stream/stream-file.ts';
import { throwIfCancelled } from '../core/errors.ts';

const filesAhead = 8;

/** One file as it is on disk. */
export type ReadFile =
  | {
      readonly file: RepositoryFile;
      /** As it would stand in the stream. */
      readonly text: string;
      readonly hash: string;
    }
  | { readonly file: RepositoryFile; readonly skipped: (FileText & { ok: false })['skipped'] };

/**
 * Reads files in their order; others get their turn between them.
 * @throws EngineError `cancelled`
 */
export async function* readAhead(
  files: readonly RepositoryFile[],
  signal: AbortSignal,
): AsyncGenerator<ReadFile, void, undefined> {
  const begin = (file: RepositoryFile): Promise<FileText> => {
    const work = readText(file, { signal });
    work.catch(() => undefined);
    return work;
  };
  throwIfCancelled(signal);
  const reading = files.slice(0, filesAhead).map(begin);
  for (const [at, file] of files.entries()) {
    const ahead = files[at + filesAhead];
    if (ahead !== undefined) reading.push(begin(ahead));
    const read = await reading.shift();
    throwIfCancelled(signal);
    if (read === undefined) continue;
    if (read.ok) {
      const text = endLine(read.text);
      yield { file, text, hash: hashOf(text) };
    } else yield { file, skipped: read.skipped };
    await setImmediate();
  }
}
