/** What open editors show, in place of what is on disk, for as long as one question is answered. */

import type { OpenDocument } from '../../protocol/requests/ask.ts';
import { readText, textOfDocument } from '../../repository/files/read.ts';
import { endLine } from '../../repository/stream/layout.ts';
import { hashOf } from '../../repository/stream/stream-file.ts';
import type { Repository } from './repository.ts';

/**
 * Works with the text of documents that are not saved. Only files that are read anyway count, and of
 * them only text that would be read: what is ignored, secret or binary stays out.
 * @returns what the work returns. @throws what it throws
 */
export async function withOpenDocuments<T>(
  repository: Repository,
  documents: readonly OpenDocument[],
  work: () => Promise<T>,
): Promise<T> {
  const shown = new Map<string, string>();
  for (const { path, text } of documents) {
    const file = repository.fileOf(path);
    const content = file === null ? null : textOfDocument(text, file);
    if (content !== null) shown.set(path, content);
  }
  if (shown.size === 0) return work();
  repository.show(shown);
  // Names that were just written are known, too.
  for (const [path, text] of shown) repository.search.add(path, endLine(text), true);
  try {
    return await work();
  } finally {
    repository.show(new Map());
    for (const path of shown.keys()) await addFromDisk(repository, path);
  }
}

async function addFromDisk({ fileOf, index, search }: Repository, path: string): Promise<void> {
  const file = fileOf(path);
  const read = file === null ? null : await readText(file);
  if (read?.ok !== true) {
    search.remove(path);
    return;
  }
  const text = endLine(read.text);
  search.add(path, text, index.fileOf(path)?.hash !== hashOf(text));
}
