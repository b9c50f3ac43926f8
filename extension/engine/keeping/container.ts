/**
 * A file of several parts, each with its length and its SHA-256: magic, version, number of parts, a
 * table of them, the table's own SHA-256, and the parts. Numbers are little-endian.
 */

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '../core/errors.ts';
import { Unusable } from './unusable.ts';

const magic = Buffer.from('LOCIKEPT', 'latin1');
/** To be raised with every change of what a kept memory holds or how it is read. */
const containerVersion = 2;
const sumBytes = 32;
const startBytes = magic.length + 8;
const entryBytes = 8 + sumBytes;
/** What is written or summed at once. */
const pieceBytes = 4 * 2 ** 20;

/**
 * Writes a new file, for its owner alone, and puts it on the disk. Between pieces others get their
 * turn.
 * @throws EngineError `cancelled`; what the file system rejects with. The file is then incomplete.
 */
export async function writeContainer(
  path: string,
  parts: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<void> {
  const sums: Buffer[] = [];
  for (const part of parts) sums.push(await sumOf(part, signal));
  const handle = await open(path, 'wx', 0o600);
  try {
    await writeAll(handle, headOf(parts, sums), signal);
    for (const part of parts) await writeAll(handle, part, signal);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Reads the first parts of such a file. Nothing is allocated that is longer than the file or its limit.
 * @param limits the most bytes of each part, as many as there are parts
 * @param wanted how many parts to read and to check; all by default
 * @throws Unusable where it is of another kind or version, cut or damaged; EngineError `cancelled`;
 *   what the file system rejects with.
 */
export async function readContainer(
  path: string,
  limits: readonly number[],
  signal: AbortSignal,
  wanted = limits.length,
): Promise<Uint8Array[]> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK || 0));
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Unusable('damaged');
    const table = await readTable(handle, stats.size, limits);
    const parts: Uint8Array[] = [];
    for (const { offset, length, sum } of table.slice(0, wanted)) {
      const part = await readExactly(handle, offset, length);
      if (!sum.equals(await sumOf(part, signal))) throw new Unusable('damaged');
      parts.push(part);
    }
    return parts;
  } finally {
    await handle.close();
  }
}

interface Entry {
  readonly offset: number;
  readonly length: number;
  readonly sum: Buffer;
}

function headOf(parts: readonly Uint8Array[], sums: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(startBytes + parts.length * entryBytes + sumBytes);
  magic.copy(head);
  head.writeUInt32LE(containerVersion, magic.length);
  head.writeUInt32LE(parts.length, magic.length + 4);
  let at = startBytes;
  for (const [index, part] of parts.entries()) {
    head.writeBigUInt64LE(BigInt(part.length), at);
    sums[index]?.copy(head, at + 8);
    at += entryBytes;
  }
  createHash('sha256').update(head.subarray(0, at)).digest().copy(head, at);
  return head;
}

async function readTable(
  handle: FileHandle,
  fileBytes: number,
  limits: readonly number[],
): Promise<Entry[]> {
  const headBytes = startBytes + limits.length * entryBytes + sumBytes;
  if (fileBytes < headBytes) throw new Unusable('damaged');
  const head = await readExactly(handle, 0, headBytes);
  if (!head.subarray(0, magic.length).equals(magic)) throw new Unusable('damaged');
  if (head.readUInt32LE(magic.length) !== containerVersion) throw new Unusable('version');
  const tableEnd = headBytes - sumBytes;
  const sum = createHash('sha256').update(head.subarray(0, tableEnd)).digest();
  const count = head.readUInt32LE(magic.length + 4);
  if (count !== limits.length || !sum.equals(head.subarray(tableEnd))) {
    throw new Unusable('damaged');
  }
  let offset = headBytes;
  const entries = limits.map((limit, index): Entry => {
    const at = startBytes + index * entryBytes;
    const length = Number(head.readBigUInt64LE(at));
    if (length > limit || length > fileBytes - offset) throw new Unusable('damaged');
    const entry = { offset, length, sum: head.subarray(at + 8, at + entryBytes) };
    offset += length;
    return entry;
  });
  if (offset !== fileBytes) throw new Unusable('damaged');
  return entries;
}

async function readExactly(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) throw new Unusable('damaged');
    done += bytesRead;
  }
  return buffer;
}

async function sumOf(bytes: Uint8Array, signal: AbortSignal): Promise<Buffer> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    hash.update(bytes.subarray(at, at + pieceBytes));
    await setImmediate();
    throwIfCancelled(signal);
  }
  return hash.digest();
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  let at = 0;
  while (at < bytes.length) {
    throwIfCancelled(signal);
    const piece = bytes.subarray(at, at + pieceBytes);
    const { bytesWritten } = await handle.write(piece, 0, piece.length);
    at += bytesWritten;
  }
}
