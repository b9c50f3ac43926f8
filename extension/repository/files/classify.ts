import { readFully } from '../disk/read-fully.ts';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { SkipReason } from '../../protocol/skipped-file.ts';
import { isMissing } from '../disk/file-system-error.ts';
import { type FileStatements, nothingStated } from './file-statements.ts';
import { generatedMarker } from './generated-files.ts';
import { shortenLines } from './long-lines.ts';
import { findSecret } from './secrets.ts';
import { type SkipCause, tooLarge } from './skip-cause.ts';
import { decodeText, detectEncoding } from './text-encoding.ts';

/** The default size limit; larger files are not read. */
export const defaultMaxFileBytes = 256 * 1024;

/** Refuses a symbolic link instead of following it; a pipe does not block. */
const openFlags =
  constants.O_RDONLY |
  ((constants as Partial<typeof constants>).O_NOFOLLOW ?? 0) |
  ((constants as Partial<typeof constants>).O_NONBLOCK ?? 0);

type Opened =
  | { readonly ok: true; readonly handle: FileHandle; readonly stats: Stats }
  | { readonly ok: false; readonly cause: SkipCause };

/** The reason to skip a file whose file system call failed. */
export function failureReason(error: unknown): SkipReason {
  return isMissing(error) ? 'disappeared' : 'unreadable';
}

/** Opens a regular file of at most `maxFileBytes`; the caller closes it. */
async function openFile(path: string, maxFileBytes: number): Promise<Opened> {
  let handle: FileHandle;
  try {
    handle = await open(path, openFlags);
  } catch (error) {
    return { ok: false, cause: { reason: failureReason(error) } };
  }
  let cause: SkipCause;
  try {
    const stats = await handle.stat();
    if (stats.isFile() && stats.size <= maxFileBytes) {
      return { ok: true, handle, stats };
    }
    cause = stats.isFile() ? tooLarge(maxFileBytes) : { reason: 'unreadable' };
  } catch (error) {
    cause = { reason: failureReason(error) };
  }
  await handle.close();
  return { ok: false, cause };
}

interface LeftOut {
  readonly ok: false;
  readonly cause: SkipCause;
}

/** The text of a file, or why it is left out. */
type Content = { readonly ok: true; readonly text: string } | LeftOut;

/**
 * Decodes and cleans a whole file in any encoding: no byte order mark, lines end with `\n`,
 * embedded data is shortened and line numbers are kept. Leaves out a file that is not
 * human-readable or holds a secret.
 * @param stated what is known about the file
 */
export function readContent(bytes: Uint8Array, stated = nothingStated): Content {
  const leaveOut = (reason: SkipReason, detail: string): Content => ({
    ok: false,
    cause: { reason, detail },
  });
  const encoding = detectEncoding(bytes, stated.encoding);
  if (encoding === null) {
    return leaveOut('binary', 'is not text');
  }
  const text = decodeText(bytes, encoding);
  const secret = findSecret(text);
  if (secret !== null) {
    return leaveOut('secret', `contains ${secret}`);
  }
  const marker = stated.generated === false ? null : generatedMarker(text);
  if (marker !== null) {
    return leaveOut('generated', `states that it is generated: ${marker}`);
  }
  const short = shortenLines(text);
  return short === null
    ? leaveOut('generated', 'has very long lines, as minified code does')
    : { ok: true, text: short };
}

/**
 * Reads and checks a whole file in one step, so that the listed content is the content read.
 * @param stated what is known about the file
 * @returns its size in bytes and its text, or why it is left out; never rejects
 */
export async function readFileContent(
  path: string,
  maxFileBytes: number,
  stated: FileStatements = nothingStated,
): Promise<{ readonly ok: true; readonly text: string; readonly bytes: number } | LeftOut> {
  const opened = await openFile(path, maxFileBytes);
  if (!opened.ok) {
    return { ok: false, cause: opened.cause };
  }
  const { handle, stats } = opened;
  try {
    // One byte more than the file had, to notice a file that grows meanwhile.
    let buffer = new Uint8Array(stats.size + 1);
    let length = await readFully(handle, buffer);
    if (length > stats.size) {
      buffer = new Uint8Array(maxFileBytes + 1);
      length = await readFully(handle, buffer);
    }
    if (length > maxFileBytes) {
      return { ok: false, cause: tooLarge(maxFileBytes) };
    }
    const content = readContent(buffer.subarray(0, length), stated);
    return content.ok ? { ...content, bytes: length } : content;
  } catch (error) {
    return { ok: false, cause: { reason: failureReason(error) } };
  } finally {
    await handle.close();
  }
}

/** Returns why a listed file is left out, or null. */
export async function classifyFile(
  path: string,
  maxFileBytes: number,
  stated: FileStatements = nothingStated,
): Promise<SkipCause | null> {
  const content = await readFileContent(path, maxFileBytes, stated);
  return content.ok ? null : content.cause;
}
