/**
 * Reads zip archives (wheels), one member at a time, with the methods of wheels: stored, deflated.
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const mostComment = 65_535;

export interface ZipMember {
  readonly path: string;
  /** The unpacked size according to the archive. */
  readonly bytes: number;
  /** Its file type on the system that packed it: only plain files are unpacked. */
  readonly isPlainFile: boolean;
  readonly packedBytes: number;
  readonly method: number;
  readonly at: number;
}

/**
 * Lists the members of an archive.
 * @throws Error in one sentence if the file is no zip archive or is truncated
 */
export async function listZip(file: string): Promise<ZipMember[]> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const end = await bytesAt(handle, Math.max(0, size - endBytes - mostComment), size);
    const at = end.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (at === -1 || at + endBytes > end.length || end.readUInt32LE(at) !== endSignature) {
      throw new Error(`${file} is no zip archive, or was cut. Delete it and run this again.`);
    }
    const from = end.readUInt32LE(at + 16);
    const to = from + end.readUInt32LE(at + 12);
    return entriesOf(await bytesAt(handle, from, to), end.readUInt16LE(at + 10), file);
  } finally {
    await handle.close();
  }
}

/**
 * Reads the unpacked bytes of a member.
 * @throws Error in one sentence if the compression method is unknown
 */
export async function readZipMember(file: string, member: ZipMember): Promise<Readable> {
  const handle = await open(file);
  const header = await bytesAt(handle, member.at, member.at + 30);
  const isKnown = member.method === 0 || member.method === 8;
  if (header.length < 30 || header.readUInt32LE(0) !== localSignature || !isKnown) {
    await handle.close();
    throw new Error(
      `${member.path} in ${file} cannot be unpacked. Delete the file and run this again.`,
    );
  }
  const start = member.at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const unpacked = member.method === 8 ? createInflateRaw() : new PassThrough();
  if (member.packedBytes === 0) {
    await handle.close();
    unpacked.end();
    return unpacked;
  }
  const packed = handle.createReadStream({ start, end: start + member.packedBytes - 1 });
  packed.on('error', (error) => unpacked.destroy(error));
  return packed.pipe(unpacked);
}

async function bytesAt(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, to - from));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}

function entriesOf(directory: Buffer, count: number, file: string): ZipMember[] {
  const members: ZipMember[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== entrySignature) {
      throw new Error(`${file} is damaged. Delete it and run this again.`);
    }
    const nameBytes = directory.readUInt16LE(at + 28);
    const path = directory.toString('utf8', at + 46, at + 46 + nameBytes);
    // A Unix system stores the file's mode in the high half of the attributes; 0 if none is stored.
    const kind = directory.readUInt16LE(at + 40) & 0o170000;
    members.push({
      path,
      bytes: directory.readUInt32LE(at + 24),
      isPlainFile: !path.endsWith('/') && (kind === 0 || kind === 0o100000),
      packedBytes: directory.readUInt32LE(at + 20),
      method: directory.readUInt16LE(at + 10),
      at: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return members;
}
