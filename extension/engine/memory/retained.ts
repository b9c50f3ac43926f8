/** Which tokens of a repository a memory still holds. The job that owns the memory may ask. */

import type { FileShare } from '../../protocol/file-share.ts';
import type { Retention, RetentionParameters } from '../../protocol/requests/retention.ts';
import { fileShares, lineShares } from '../../repository/stream/retention.ts';
import { EngineError } from '../core/errors.ts';
import type { Repository } from './repository.ts';

/** What each file that was read still holds. */
export function heldShares(repository: Repository): FileShare[] {
  return fileShares(repository.index, heldCounts(repository), pairs(repository));
}

/**
 * What is held of every file, of one file's lines, and of each head.
 * @throws EngineError `file-not-read`
 */
export function retention(
  repository: Repository,
  { path, everyLine = false }: RetentionParameters,
): Retention {
  const { index, memory, model } = repository;
  const counts = heldCounts(repository);
  const all = pairs(repository);
  if (path !== null && index.fileOf(path) === null) {
    const reason = repository.whyNotRead(path);
    throw new EngineError('file-not-read', `${path} is not in the memory: ${reason}.`);
  }
  const files = fileShares(index, counts, all);
  const linesOf = (file: FileShare): number[] => lineShares(index, file.path, counts, all);
  return {
    files,
    ...(everyLine ? { fileLines: files.map(linesOf) } : {}),
    lines: path === null ? [] : lineShares(index, path, counts, all),
    heads: Array.from(model.info.layerHeads, (kvHeads, layer) =>
      Array.from({ length: kvHeads }, (_, head) => memory.held(layer, head).length),
    ),
  };
}

function pairs({ model }: Repository): number {
  return model.info.layerHeads.reduce((sum, kvHeads) => sum + kvHeads, 0);
}

/** Per token of the index; the memory holds none of a chunk that was cancelled. */
function heldCounts({ index, memory }: Repository): Uint16Array {
  const counts = new Uint16Array(index.tokens);
  counts.set(memory.heldCounts());
  return counts;
}
