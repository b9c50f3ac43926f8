import type { SkippedFile, SkipReason } from '../protocol/engine.ts';
import {
  classifyHead,
  defaultMaxFileBytes,
  failureReason,
  openFile,
  readFully,
} from './classify.ts';
import { isGeneratedText, shortenBlobs } from './generated-files.ts';
import { holdsSecret } from './secret-files.ts';
import { decodeText, headBytes } from './text-encoding.ts';
import type { RepositoryFile } from './walk.ts';

export type FileText =
  | { readonly ok: true; readonly text: string; readonly bytes: number }
  | { readonly ok: false; readonly skipped: SkippedFile };

export interface ReadOptions {
  /** As for the listing: 256 KiB by default. */
  readonly maxFileBytes?: number;
  readonly signal?: AbortSignal;
}

async function readBytes(path: string, maxFileBytes: number): Promise<Uint8Array | SkipReason> {
  const opened = await openFile(path, maxFileBytes);
  if (!opened.ok) {
    return opened.reason;
  }
  const { handle, stats } = opened;
  try {
    // One byte more than it had: a file that grows meanwhile is noticed, whatever it grows to.
    let buffer = new Uint8Array(stats.size + 1);
    let length = await readFully(handle, buffer);
    if (length > stats.size) {
      buffer = new Uint8Array(maxFileBytes + 1);
      length = await readFully(handle, buffer);
    }
    return length > maxFileBytes ? 'too-large' : buffer.subarray(0, length);
  } catch (error) {
    return failureReason(error);
  } finally {
    await handle.close();
  }
}

/**
 * Reads one file as text: no byte order mark, lines end with `\n`, invalid UTF-8 becomes U+FFFD.
 * A file that went, grew over the limit or became unreadable or binary since it was listed is a
 * skipped file. Rejects only with the signal's reason.
 */
export async function readText(
  file: Pick<RepositoryFile, 'path' | 'absolutePath'>,
  options: ReadOptions = {},
): Promise<FileText> {
  options.signal?.throwIfAborted();
  const skip = (reason: SkipReason): FileText => ({
    ok: false,
    skipped: { path: file.path, reason },
  });
  const bytes = await readBytes(file.absolutePath, options.maxFileBytes ?? defaultMaxFileBytes);
  options.signal?.throwIfAborted();
  if (typeof bytes === 'string') {
    return skip(bytes);
  }
  const reason = classifyHead(bytes.subarray(0, headBytes));
  if (reason !== null) {
    return skip(reason);
  }
  const text = decodeText(bytes);
  if (holdsSecret(text)) {
    return skip('secret');
  }
  const short = shortenBlobs(text);
  return isGeneratedText(short)
    ? skip('generated')
    : { ok: true, text: short, bytes: bytes.length };
}
