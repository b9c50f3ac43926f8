/** Which tokens of a repository a memory still holds. The job that owns the memory may ask. */

import { setImmediate } from 'node:timers/promises';
import type { FileShare } from '../../protocol/file-share.ts';
import type { FileRetention } from '../../protocol/requests/file-retention.ts';
import type { Retention, RetentionParameters } from '../../protocol/requests/retention.ts';
import { fileShares, heldWithin, lineShares } from '../../repository/stream/retention.ts';
import type { StreamFile } from '../../repository/stream/stream-file.ts';
import { EngineError, throwIfCancelled } from '../core/errors.ts';
import type { Repository } from './repository.ts';

/** What each file that was read still holds. */
export function heldShares(repository: Repository): FileShare[] {
  return shares(repository, heldCounts(repository), pairs(repository));
}

function shares({ index, fileOf }: Repository, counts: Uint16Array, all: number): FileShare[] {
  return fileShares(index, counts, all).map((file) =>
    fileOf(file.path)?.pinned === true ? { ...file, pinned: true } : file,
  );
}

/**
 * What is held of every file, of one file's lines, and of each head.
 * @throws EngineError `file-not-read`
 */
export function retention(
  repository: Repository,
  { path, everyLine = false, heads = true }: RetentionParameters,
): Retention {
  const { index, memory, model } = repository;
  const counts = heldCounts(repository);
  const all = pairs(repository);
  if (path !== null) fileIn(repository, path);
  const files = shares(repository, counts, all);
  const linesOf = (file: FileShare): number[] => lineShares(index, file.path, counts, all);
  return {
    files,
    ...(everyLine ? { fileLines: files.map(linesOf) } : {}),
    lines: path === null ? [] : lineShares(index, path, counts, all),
    heads: Array.from(heads ? model.info.layerHeads : [], (kvHeads, layer) =>
      Array.from({ length: kvHeads }, (_, head) => memory.held(layer, head).length),
    ),
  };
}

/**
 * What each layer and head holds of one file. It looks at every layer once and lets messages in
 * between, so that it can be cancelled.
 * @throws EngineError `file-not-read`, `cancelled`
 */
export async function fileRetention(
  repository: Repository,
  path: string,
  signal: AbortSignal,
): Promise<FileRetention> {
  const { memory, model } = repository;
  const { from, to } = fileIn(repository, path);
  const tokens = Math.max(0, Math.min(to, memory.report().streamTokens) - from);
  const heads: number[][] = [];
  for (const [layer, kvHeads] of model.info.layerHeads.entries()) {
    await setImmediate();
    throwIfCancelled(signal);
    heads.push(
      Array.from({ length: kvHeads }, (_, head) =>
        tokens === 0 ? 0 : heldWithin(memory.held(layer, head), from, from + tokens) / tokens,
      ),
    );
  }
  return { path, tokens, heads };
}

function fileIn(repository: Repository, path: string): StreamFile {
  const file = repository.index.fileOf(path);
  if (file !== null) return file;
  const reason = repository.whyNotRead(path);
  throw new EngineError('file-not-read', `${path} is not in the memory: ${reason}.`);
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
