/** Builds small archives for tests, in the registries' layout. */
import { deflateRawSync, gzipSync } from 'node:zlib';

export interface Packed {
  readonly path: string;
  readonly content: string | Buffer;
  /** The Unix mode, including the file type; a plain file by default. */
  readonly mode?: number;
  readonly stored?: boolean;
}

/** The checksum of zip archives; the oldest supported Node.js has none in `node:zlib`. */
function crc32(bytes: Buffer): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** Builds a zip archive. */
export function zipOf(files: readonly Packed[], comment = ''): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { path, content, mode = 0o100644, stored = false } of files) {
    const bytes = Buffer.from(content);
    const packed = stored ? bytes : deflateRawSync(bytes);
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(0x0314, 4);
    common.copy(entry, 6);
    entry.writeUInt32LE(mode * 2 ** 16, 38);
    entry.writeUInt32LE(at, 42);
    directory.push(entry, name);
    parts.push(Buffer.from([0x50, 0x4b, 3, 4]), common, name, packed);
    at += 30 + name.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, listed, end, Buffer.from(comment)]);
}

/** A member of a tar archive. */
export interface TarMember {
  readonly path: string;
  readonly content?: string;
  /** `0` a file, `1` and `2` links, `5` a folder, `x` attributes of the next member. */
  readonly type?: string;
  readonly link?: string;
}

/** Builds a gzipped tar archive. */
export function tarballOf(members: readonly TarMember[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { path, content = '', type = '0', link = '' } of members) {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(path, 0, 100);
    header.write('0000644\0', 100);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        ', 148);
    header.write(type, 156);
    header.write(link, 157, 100);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    blocks.push(header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512));
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
