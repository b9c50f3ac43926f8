/** Returns the code of a failed file system call (`ENOENT`), or null for any other error. */
export function fileSystemErrorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

/** Whether a file system call failed because the file does not exist (any more). */
export function isMissing(error: unknown): boolean {
  const code = fileSystemErrorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
