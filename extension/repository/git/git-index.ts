import { join } from 'node:path';
import type { BytePath } from '../disk/byte-path.ts';
import { readSettings } from '../disk/settings-file.ts';

const maxIndexBytes = 512 << 20;
/** Times, device, inode, mode, owner and size, in front of an entry's hash. */
const statBytes = 40;
const modeOffset = 24;
/** The type of an entry that is a repository of its own. */
const gitlink = 0o160000;
const extendedFlag = 0x4000;

/** The number of bytes to take off the previous path: seven bits a byte, the highest first. */
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
 * The paths that git tracks, from the bytes of its index, versions 2 to 4.
 * @param hashBytes 20 for SHA-1, 32 for SHA-256
 * @returns null for what is no index; repositories inside with a slash at their end
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
      // Entries are filled up with zeros, one at least, to a multiple of eight bytes.
      at = version === 4 ? end + 1 : start + ((end - start + 8) & ~7);
    }
    return paths;
  } catch {
    return null;
  }
}

/**
 * What git tracks in a work tree, read without git. An index that is missing or split over two
 * files counts as far as it goes.
 */
export async function readTrackedPaths(
  gitDirectory: string,
  hashBytes: number,
): Promise<readonly BytePath[]> {
  const options = { followLinks: true, maxBytes: maxIndexBytes };
  const index = await readSettings(join(gitDirectory, 'index'), options).catch(() => null);
  return (index === null ? null : parseGitIndex(index, hashBytes)) ?? [];
}
