import { join } from 'node:path';
import type { BytePath } from '../disk/byte-path.ts';
import { readSettings } from '../disk/settings-file.ts';

const maxIndexBytes = 512 << 20;
/** The times, device, inode, mode, owner and size that precede an entry's hash. */
const statBytes = 40;
const modeOffset = 24;
/** The type of an entry that is a nested repository. */
const gitlink = 0o160000;
const extendedFlag = 0x4000;

/** Reads how many bytes to drop from the previous path: seven bits per byte, highest first. */
function readVarint(
  index: Buffer,
  start: number,
): { readonly value: number; readonly end: number } {
  let at = start;
  let byte = index.readUInt8(at++);
  let value = byte & 0x7f;
  while (byte & 0x80) {
    byte = index.readUInt8(at++);
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, end: at };
}

/**
 * Parses the tracked paths from the bytes of a git index, versions 2 to 4.
 * @param hashBytes 20 for SHA-1, 32 for SHA-256
 * @returns null if the bytes are no index; nested repositories end with a slash
 */
function parseGitIndex(index: Buffer, hashBytes: number): BytePath[] | null {
  try {
    const version = index.readUInt32BE(4);
    if (index.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) {
      return null;
    }
    const paths: BytePath[] = [];
    let path = '';
    let at = 12;
    for (let count = index.readUInt32BE(8); count > 0; count--) {
      const start = at;
      const flags = index.readUInt16BE(start + statBytes + hashBytes);
      at = start + statBytes + hashBytes + (version > 2 && flags & extendedFlag ? 4 : 2);
      let kept = '';
      if (version === 4) {
        const removed = readVarint(index, at);
        if (removed.value > path.length) {
          return null;
        }
        kept = path.slice(0, path.length - removed.value);
        at = removed.end;
      }
      const end = index.indexOf(0, at);
      if (end === -1) {
        return null;
      }
      path = kept + index.toString('latin1', at, end);
      paths.push(
        (index.readUInt32BE(start + modeOffset) & 0o170000) === gitlink ? `${path}/` : path,
      );
      // Entries are padded to a multiple of eight bytes, with at least one zero.
      at = version === 4 ? end + 1 : start + ((end - start + 8) & ~7);
    }
    return paths;
  } catch {
    return null;
  }
}

/**
 * Reads the tracked paths of a work tree without git. If the index is missing or split over two
 * files, returns the paths it can read.
 */
export async function readTrackedPaths(
  gitDirectory: string,
  hashBytes: number,
): Promise<readonly BytePath[]> {
  const options = { followLinks: true, maxBytes: maxIndexBytes };
  const index = await readSettings(join(gitDirectory, 'index'), options).catch(() => null);
  return (index === null ? null : parseGitIndex(index, hashBytes)) ?? [];
}
