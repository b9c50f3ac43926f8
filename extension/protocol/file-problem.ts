/** What a failed call to the file system says, in our words. */

import { plainLine } from './plain-text.ts';

const problems: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EBUSY: 'another program is using it',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it exists already',
  EFBIG: 'it is too large for this file system',
  EIO: 'the disk reports an error',
  EISDIR: 'it is a folder',
  ELOOP: 'its links form a loop',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ENFILE: 'too many files are open',
  ENOENT: 'it does not exist',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a part of its path is not a folder',
  EPERM: 'permission is denied',
  EROFS: 'the disk is read-only',
  ETXTBSY: 'another program is using it',
};

/** The reason as the end of a sentence, e.g. `no space is left on the disk`. */
export function fileReason(code: string): string {
  return problems[code] ?? `the system reports ${plainLine(code, 40)}`;
}

/** A sentence for an error of a file system call that names a file; null for any other error. */
export function fileProblem(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null;
  if (typeof error.code !== 'string' || !('path' in error) || typeof error.path !== 'string') {
    return null;
  }
  return `${plainLine(error.path)} cannot be used: ${fileReason(error.code)}.`;
}
