/** Reads gzipped tar archives as npm packs them: small enough to be unpacked in memory. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { ArchiveFile } from './safe-path.ts';

const block = 512;
const mostBytes = 256 * 1024 * 1024;

/** The offset and length of each header field. */
const fields = {
  name: [0, 100],
  size: [124, 12],
  sum: [148, 8],
  type: [156, 1],
  link: [157, 100],
  magic: [257, 6],
  prefix: [345, 155],
} as const;

/**
 * The members of an archive, in order, without folders.
 * @throws Error in one sentence if the file is no such archive or is truncated
 */
export async function readTarball(file: string): Promise<ArchiveFile[]> {
  const failed = `${file} is no archive of a package, or was cut. Delete it and run this again.`;
  const bytes = unzipped(await readFile(file), failed);
  const members: ArchiveFile[] = [];
  let longName: string | null = null;
  let at = 0;
  for (;;) {
    const header = bytes.subarray(at, at + block);
    if (header.length < block) throw new Error(failed);
    if (header.every((byte) => byte === 0)) return members;
    if (!isHeader(header)) throw new Error(failed);
    const type = textOf(header, 'type');
    const size = Number.parseInt(textOf(header, 'size').trim() || '0', 8);
    const content = bytes.subarray(at + block, at + block + size);
    if (content.length < size) throw new Error(failed);
    at += block + Math.ceil(size / block) * block;
    if (type === 'x') longName = paxPath(content) ?? longName;
    else if (type === 'L') longName = content.toString().replace(/\0.*$/su, '');
    else if (type !== 'g') {
      const path: string = longName ?? pathOf(header);
      longName = null;
      if (type !== '5') {
        members.push({ path, isPlainFile: type === '0' || type === '', content });
      }
    }
  }
}

function unzipped(packed: Buffer, failed: string): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: mostBytes });
  } catch (error) {
    throw new Error(failed, { cause: error });
  }
}

function textOf(header: Buffer, field: keyof typeof fields): string {
  const [from, length] = fields[field];
  return header.toString('utf8', from, from + length).replace(/\0.*$/su, '');
}

function pathOf(header: Buffer): string {
  const prefix = textOf(header, 'magic').startsWith('ustar') ? textOf(header, 'prefix') : '';
  const name = textOf(header, 'name');
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Whether the header's checksum is right; the checksum field itself counts as blanks. */
function isHeader(header: Buffer): boolean {
  const [from, length] = fields.sum;
  const sum = header.reduce(
    (total, byte, index) => total + (index >= from && index < from + length ? 0x20 : byte),
    0,
  );
  return Number.parseInt(textOf(header, 'sum').trim(), 8) === sum;
}

/** The path for the next member in a `LENGTH path=VALUE` record. */
function paxPath(content: Buffer): string | null {
  return /(?:^|\n)\d+ path=([^\n]*)\n/u.exec(content.toString())?.[1] ?? null;
}
