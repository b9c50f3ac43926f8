import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { SkipReason } from '../protocol/engine.ts';
import { isMissing } from './file-system-error.ts';
import { isGeneratedText, shortenBlobs } from './generated-files.ts';
import { holdsSecret } from './secret-files.ts';
import { decodeText, headBytes, isBinary } from './text-encoding.ts';

/** Files above this size are not read, unless told otherwise. */
export const defaultMaxFileBytes = 256 * 1024;

/** A symbolic link is refused rather than followed, and a pipe does not block. */
const openFlags =
  constants.O_RDONLY |
  ((constants as Partial<typeof constants>).O_NOFOLLOW ?? 0) |
  ((constants as Partial<typeof constants>).O_NONBLOCK ?? 0);

export type Opened =
  | { readonly ok: true; readonly handle: FileHandle; readonly stats: Stats }
  | { readonly ok: false; readonly reason: SkipReason };

/** The reason to skip a file whose file system call failed. */
export function failureReason(error: unknown): SkipReason {
  return isMissing(error) ? 'disappeared' : 'unreadable';
}

/** Opens a regular file of at most `maxFileBytes`; the caller closes it. */
export async function openFile(path: string, maxFileBytes: number): Promise<Opened> {
  let handle: FileHandle;
  try {
    handle = await open(path, openFlags);
  } catch (error) {
    return { ok: false, reason: failureReason(error) };
  }
  let reason: SkipReason;
  try {
    const stats = await handle.stat();
    if (stats.isFile() && stats.size <= maxFileBytes) {
      return { ok: true, handle, stats };
    }
    reason = stats.isFile() ? 'too-large' : 'unreadable';
  } catch (error) {
    reason = failureReason(error);
  }
  await handle.close();
  return { ok: false, reason };
}

/** Reads from the start of a file until `buffer` is full or the file ends. */
export async function readFully(handle: FileHandle, buffer: Uint8Array): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) {
      break;
    }
    length += bytesRead;
  }
  return length;
}

/** The reason to leave a file out that begins with these bytes, or null. */
export function classifyHead(head: Uint8Array): SkipReason | null {
  if (isBinary(head)) {
    return 'binary';
  }
  const text = decodeText(head);
  if (holdsSecret(text)) {
    return 'secret';
  }
  return isGeneratedText(shortenBlobs(text)) ? 'generated' : null;
}

/** The reason to leave a listed file out after a look at its first bytes, or null. */
export async function classifyFile(path: string, maxFileBytes: number): Promise<SkipReason | null> {
  const opened = await openFile(path, maxFileBytes);
  if (!opened.ok) {
    return opened.reason;
  }
  const { handle, stats } = opened;
  try {
    const head = new Uint8Array(Math.min(headBytes, stats.size));
    const length = await readFully(handle, head);
    return classifyHead(head.subarray(0, length));
  } catch (error) {
    return failureReason(error);
  } finally {
    await handle.close();
  }
}
