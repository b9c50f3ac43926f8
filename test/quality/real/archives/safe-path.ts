/** Checks which files of an untrusted archive may be unpacked. */

export interface ArchiveFile {
  /** As in the archive, with slashes. */
  readonly path: string;
  /** False for a link, a device or a pipe. */
  readonly isPlainFile: boolean;
  readonly content: Buffer;
}

/** Whether an archive's path stays within the folder that it is unpacked into, on every system. */
function isSafePath(path: string): boolean {
  if (path === '' || /[\0\\:]/u.test(path) || path.startsWith('/')) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/**
 * Refuses archives with members that are not plain files within their own folder.
 * @throws Error in one sentence that names the first such member
 */
export function refuseUnsafe(members: readonly ArchiveFile[], archive: string): void {
  for (const { path, isPlainFile } of members) {
    if (!isSafePath(path)) throw new Error(`${archive} would write outside of its folder: ${path}`);
    if (!isPlainFile) throw new Error(`${archive} holds a link or a device: ${path}`);
  }
}
