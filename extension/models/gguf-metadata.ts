/** The metadata of a GGUF header, and the tokens of its vocabulary that may be marks. */

import type { GgufReader } from './gguf-reader.ts';
import { InvalidGguf } from './gguf-reader.ts';
import { valueBytes, valueType } from './gguf-types.ts';

/**
 * Limits for a header, far above the values of real models. Each value is checked before it is
 * used, so that all sums and products are exact.
 */
export const ggufLimits = {
  headerBytes: 256 * 1024 * 1024,
  keys: 4_096,
  tensors: 65_536,
  keyBytes: 1_024,
  /** The length of one value that is kept; chat templates are the longest. */
  stringBytes: 4 * 1024 * 1024,
  /** The length of one string in an array: a token's text. */
  arrayStringBytes: 65_536,
  arrayLength: 16 * 1024 * 1024,
  /** Arrays of numbers up to this length are kept: one value per layer. */
  keptArrayLength: 512,
  tensorNameBytes: 63,
  dimensions: 4,
  /** llama.cpp aborts the process if a tensor's alignment is less than its buffers require. */
  leastAlignment: 32,
  alignment: 1024 * 1024,
} as const;

export type MetadataValue =
  | { readonly kind: 'number'; readonly type: number; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  /** `type` is that of an element; `values` is null if the array is long or not of numbers. */
  | {
      readonly kind: 'array';
      readonly type: number;
      readonly length: number;
      readonly values: readonly number[] | null;
    };

/** The tokens of a vocabulary that may be marks, such as `<|file_sep|>`. */
export interface TokenMarks {
  /** By their texts. */
  readonly tokens: ReadonlyMap<string, number>;
  /** The type of each token of the vocabulary; empty if the file states none. */
  readonly types: Uint8Array;
}

/** Texts of marks have at most so many bytes. */
const longestMark = 64;

interface WrittenMarks {
  readonly tokens: Map<string, number>;
  types: Uint8Array;
}

/** Reads a number of things. @throws InvalidGguf above the limit */
export async function readCount(reader: GgufReader, limit: number, what: string): Promise<number> {
  await reader.ensure(8);
  const count = reader.uint64();
  if (count > BigInt(limit)) {
    throw new InvalidGguf(`it has ${String(count)} ${what}, but the limit is ${String(limit)}`);
  }
  return Number(count);
}

/** Reads a text after its length. @throws InvalidGguf above the limit */
export async function readString(reader: GgufReader, limit: number, what: string): Promise<string> {
  const length = await readCount(reader, limit, `bytes of ${what}`);
  await reader.ensure(length);
  return reader.text(length);
}

async function readScalar(reader: GgufReader, type: number, bytes: number): Promise<number> {
  await reader.ensure(bytes);
  const signed =
    type === valueType.int8 ||
    type === valueType.int16 ||
    type === valueType.int32 ||
    type === valueType.int64;
  const float = type === valueType.float32 || type === valueType.float64;
  // Counts beyond 2^53 exceed every limit anyway, so rounding does not matter.
  return Number(reader.scalar(bytes, float ? 'float' : signed ? 'signed' : 'unsigned'));
}

/**
 * Skips strings; those of the vocabulary must be unique and contain no NUL.
 * @param marks receives the tokens of the vocabulary that may be marks
 */
async function readStrings(
  reader: GgufReader,
  key: string,
  length: number,
  marks: Map<string, number>,
): Promise<void> {
  const seen = key === 'tokenizer.ggml.tokens' ? new Set<string>() : null;
  for (let index = 0; index < length; index++) {
    if (!reader.has(8)) {
      await reader.ensure(8);
    }
    const bytes = reader.uint64();
    if (bytes > BigInt(ggufLimits.arrayStringBytes)) {
      throw new InvalidGguf(`a string in ${key} is too long`);
    }
    const count = Number(bytes);
    if (seen === null || count === 0) {
      reader.skip(count);
      continue;
    }
    if (!reader.has(count)) {
      await reader.ensure(count);
    }
    const token = reader.latin1(count);
    if (token.includes('\0')) {
      throw new InvalidGguf(`token ${String(index)} of its vocabulary holds a NUL`);
    }
    if (seen.has(token)) {
      throw new InvalidGguf(`token ${String(index)} occurs twice in its vocabulary`);
    }
    seen.add(token);
    if (count <= longestMark && /[<[|{].+[>\]|}]$/u.test(token)) {
      marks.set(Buffer.from(token, 'latin1').toString(), index);
    }
  }
}

/** Reads the types of tokens; a negative or a large one is no type that is known. */
async function readTypes(reader: GgufReader, length: number): Promise<Uint8Array> {
  reader.require(4 * length);
  const types = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    if (!reader.has(4)) await reader.ensure(4);
    types[index] = Math.min(reader.uint32(), 255);
  }
  return types;
}

async function readArray(
  reader: GgufReader,
  key: string,
  marks: WrittenMarks,
): Promise<MetadataValue> {
  await reader.ensure(4);
  const type = reader.uint32();
  const length = await readCount(reader, ggufLimits.arrayLength, `values in ${key}`);
  if (type === valueType.string) {
    await readStrings(reader, key, length, marks.tokens);
    return { kind: 'array', type, length, values: null };
  }
  const bytes = valueBytes.get(type);
  if (bytes === undefined) {
    throw new InvalidGguf(`the values in ${key} have the unknown type ${String(type)}`);
  }
  if (key === 'tokenizer.ggml.token_type' && bytes === 4) {
    marks.types = await readTypes(reader, length);
    return { kind: 'array', type, length, values: null };
  }
  if (length > ggufLimits.keptArrayLength) {
    reader.skip(bytes * length);
    return { kind: 'array', type, length, values: null };
  }
  const values: number[] = [];
  for (let index = 0; index < length; index++) {
    values.push(await readScalar(reader, type, bytes));
  }
  return { kind: 'array', type, length, values };
}

async function readValue(
  reader: GgufReader,
  key: string,
  marks: WrittenMarks,
): Promise<MetadataValue> {
  await reader.ensure(4);
  const type = reader.uint32();
  if (type === valueType.string) {
    return { kind: 'string', value: await readString(reader, ggufLimits.stringBytes, key) };
  }
  if (type === valueType.array) {
    return readArray(reader, key, marks);
  }
  const bytes = valueBytes.get(type);
  if (bytes === undefined) {
    throw new InvalidGguf(`${key} has the unknown type ${String(type)}`);
  }
  const value = await readScalar(reader, type, bytes);
  return type === valueType.bool
    ? { kind: 'boolean', value: value !== 0 }
    : { kind: 'number', type, value };
}

/** Reads the metadata. @throws InvalidGguf with the defect as the end of a sentence */
export async function readMetadata(
  reader: GgufReader,
  count: number,
): Promise<{ readonly metadata: ReadonlyMap<string, MetadataValue>; readonly marks: TokenMarks }> {
  const marks: WrittenMarks = { tokens: new Map(), types: new Uint8Array() };
  const metadata = new Map<string, MetadataValue>();
  for (let index = 0; index < count; index++) {
    const key = await readString(reader, ggufLimits.keyBytes, 'a key');
    if (key === '' || metadata.has(key)) {
      throw new InvalidGguf(key === '' ? 'a key is empty' : `the key ${key} occurs twice`);
    }
    metadata.set(key, await readValue(reader, key, marks));
  }
  return { metadata, marks };
}
