/** Splits a GGUF header, so that single parts can be damaged while the rest stays valid. */

import { valueBytes, valueType } from '../../extension/models/gguf-types.ts';

/** A key with its value as in the file. */
export interface GgufEntry {
  readonly key: string;
  readonly type: number;
  /** The bytes of the value, without its type. */
  readonly value: Buffer;
}

export interface GgufParts {
  readonly version: number;
  readonly entries: readonly GgufEntry[];
  readonly tensorCount: bigint;
  /** The descriptions of all tensors, as in the file. */
  readonly tensors: Buffer;
  readonly data: Buffer;
}

const alignment = 32;

/** Splits a valid file of version 3 with the default alignment. */
export function takeApart(file: Buffer): GgufParts {
  let at = 24;
  const uint64 = (): number => {
    at += 8;
    return Number(file.readBigUInt64LE(at - 8));
  };
  const skip = (type: number): void => {
    if (type === valueType.string) {
      const length = uint64();
      at += length;
    } else if (type === valueType.array) {
      const element = file.readUInt32LE(at);
      at += 4;
      for (let left = uint64(); left > 0; left--) skip(element);
    } else {
      at += valueBytes.get(type) ?? 0;
    }
  };
  const tensorCount = file.readBigUInt64LE(8);
  const entries: GgufEntry[] = [];
  for (let left = Number(file.readBigUInt64LE(16)); left > 0; left--) {
    const length = uint64();
    const key = file.toString('utf8', at, at + length);
    at += length;
    const type = file.readUInt32LE(at);
    at += 4;
    const from = at;
    skip(type);
    entries.push({ key, type, value: file.subarray(from, at) });
  }
  const tensorsFrom = at;
  for (let left = Number(tensorCount); left > 0; left--) {
    const length = uint64();
    at += length;
    at += 4 + 8 * file.readUInt32LE(at) + 12;
  }
  const tensors = file.subarray(tensorsFrom, at);
  const data = file.subarray(Math.ceil(at / alignment) * alignment);
  return { version: file.readUInt32LE(4), entries, tensorCount, tensors, data };
}

/** Joins parts to a header, padded to the start of the data. */
export function headerOf({ version, entries, tensorCount, tensors }: GgufParts): Buffer {
  const parts = [
    Buffer.from('GGUF'),
    uint32(version),
    uint64(tensorCount),
    uint64(BigInt(entries.length)),
    ...entries.flatMap(({ key, type, value }) => [ggufText(key), uint32(type), value]),
    tensors,
  ];
  const header = Buffer.concat(parts);
  return Buffer.concat([
    header,
    Buffer.alloc((alignment - (header.length % alignment)) % alignment),
  ]);
}

/**
 * Makes one random change: to a key, a value, its type, an array's length or elements, a tensor's
 * description, or the number of keys.
 * @param random returns a whole number below its argument
 */
export function damage(parts: GgufParts, random: (below: number) => number): GgufParts {
  const entries = [...parts.entries];
  const index = random(entries.length);
  const entry = entries[index];
  if (entry === undefined) return parts;
  switch (random(8)) {
    case 0:
      entries.splice(index, 1);
      break;
    case 1:
      entries.push(entry);
      break;
    case 2:
      entries[index] = { ...entry, ...randomScalar(random) };
      break;
    case 3:
      entries[index] = { ...entry, ...randomTexts(random) };
      break;
    case 4:
    case 5:
      entries[index] = { ...entry, value: flipped(entry.value, random) };
      break;
    case 6:
      return { ...parts, tensors: flipped(parts.tensors, random) };
    default:
      entries[index] = { ...entry, value: repeatedToken(entry, random) };
  }
  return { ...parts, entries };
}

function randomScalar(random: (below: number) => number): Omit<GgufEntry, 'key'> {
  const types = [...valueBytes.keys()];
  const type = types[random(types.length)] ?? valueType.uint32;
  const value = Buffer.alloc(valueBytes.get(type) ?? 4);
  const fill = [0, 0xff, 1][random(3)] ?? 0;
  value.fill(fill);
  if (random(2) === 0) value.writeUInt8(random(256));
  return { type, value };
}

function randomTexts(random: (below: number) => number): Omit<GgufEntry, 'key'> {
  const texts = ['', '\0', 'none', 'gpt2', '{{ x', '\u001b[31m', '\u202e', 'a'.repeat(300_000)];
  const text = ggufText(texts[random(texts.length)] ?? '');
  if (random(2) === 0) return { type: valueType.string, value: text };
  const count = [0, 1, 2048][random(3)] ?? 0;
  const head = [uint32(valueType.string), uint64(BigInt(count))];
  const small = text.length > 1000 ? ggufText('b') : text;
  return {
    type: valueType.array,
    value: Buffer.concat([...head, ...Array.from({ length: count }, () => small)]),
  };
}

function flipped(bytes: Buffer, random: (below: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length === 0) return copy;
  for (let flips = 1 + random(3); flips > 0; flips--) {
    const at = random(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
  }
  return copy;
}

/** Replaces the last text with the first one's length by the first, in an array of texts. */
function repeatedToken({ type, value }: GgufEntry, random: (below: number) => number): Buffer {
  if (type !== valueType.array || value.readUInt32LE(0) !== valueType.string) {
    return flipped(value, random);
  }
  const copy = Buffer.from(value);
  const places: { readonly at: number; readonly length: number }[] = [];
  let at = 12;
  while (at + 8 <= copy.length) {
    const length = Number(copy.readBigUInt64LE(at));
    places.push({ at: at + 8, length });
    at += 8 + length;
  }
  const one = places[random(places.length)];
  const other = places.findLast((place) => place.length === one?.length);
  if (one !== undefined && other !== undefined) {
    copy.copy(copy, other.at, one.at, one.at + one.length);
  }
  return copy;
}

function ggufText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([uint64(BigInt(bytes.length)), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
