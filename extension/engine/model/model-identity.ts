/** What tells one model file from another. */

import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { ModelMetadata } from '../../models/validate.ts';

/** A model's header, its tokenizer included, ends well before this. */
const headerBytes = 16 * 2 ** 20;

export interface ModelIdentity {
  readonly bytes: number;
  readonly modifiedMs: number;
  /** SHA-256 of its beginning. */
  readonly header: string;
}

/** The identity of a model as its files are now. @throws what the file system rejects with */
export async function modelIdentity(
  metadata: Pick<ModelMetadata, 'path' | 'fileBytes'>,
): Promise<ModelIdentity> {
  return {
    bytes: metadata.fileBytes,
    modifiedMs: (await stat(metadata.path)).mtimeMs,
    header: await sumOfFile(metadata.path, headerBytes),
  };
}

/**
 * SHA-256 of a file, or of so much of its beginning.
 * @throws what the file system rejects with
 */
export async function sumOfFile(path: string, most = Infinity): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(path, 'r');
  try {
    const piece = Buffer.alloc(2 ** 20);
    let at = 0;
    while (at < most) {
      const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, most - at), at);
      if (bytesRead === 0) break;
      hash.update(piece.subarray(0, bytesRead));
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return hash.digest('base64url');
}
