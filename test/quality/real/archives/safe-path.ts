/** What may be unpacked from an archive of someone else. */

export interface ArchiveFile {
  /** As the archive says, with slashes. */
  readonly path: string;
  /** Not a link, a device or a pipe. */
  readonly isPlainFile: boolean;
  readonly content: Buffer;
}

/** Whether a path of an archive stays in the folder that it is unpacked into, on every system. */
function isSafePath(path: string): boolean {
  if (path === '' || /[\0\\:]/u.test(path) || path.startsWith('/')) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/**
 * Refuses archives that hold anything but plain files within their own folder.
 * @throws Error in one sentence that names the first such member
 */
export function refuseUnsafe(members: readonly ArchiveFile[], archive: string): void {
  for (const { path, isPlainFile } of members) {
    if (!isSafePath(path)) throw new Error(`${archive} would write outside of its folder: ${path}`);
    if (!isPlainFile) throw new Error(`${archive} holds a link or a device: ${path}`);
  }
}
