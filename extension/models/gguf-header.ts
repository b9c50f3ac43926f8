import type { FileHandle } from 'node:fs/promises';
import { GgufReader, InvalidGguf } from './gguf-reader.ts';
import { tensorTypes, valueBytes, valueType } from './gguf-types.ts';

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

export interface TensorInfo {
  readonly name: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, MetadataValue>;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
}

const magic = 0x46554747;

async function readCount(reader: GgufReader, limit: number, what: string): Promise<number> {
  await reader.ensure(8);
  const count = reader.uint64();
  if (count > BigInt(limit)) {
    throw new InvalidGguf(`it has ${String(count)} ${what}, but the limit is ${String(limit)}`);
  }
  return Number(count);
}

async function readString(reader: GgufReader, limit: number, what: string): Promise<string> {
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

/** Skips strings; those of the vocabulary must be unique and contain no NUL. */
async function readStrings(reader: GgufReader, key: string, length: number): Promise<void> {
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
  }
}

async function readArray(reader: GgufReader, key: string): Promise<MetadataValue> {
  await reader.ensure(4);
  const type = reader.uint32();
  const length = await readCount(reader, ggufLimits.arrayLength, `values in ${key}`);
  if (type === valueType.string) {
    await readStrings(reader, key, length);
    return { kind: 'array', type, length, values: null };
  }
  const bytes = valueBytes.get(type);
  if (bytes === undefined) {
    throw new InvalidGguf(`the values in ${key} have the unknown type ${String(type)}`);
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

async function readValue(reader: GgufReader, key: string): Promise<MetadataValue> {
  await reader.ensure(4);
  const type = reader.uint32();
  if (type === valueType.string) {
    return { kind: 'string', value: await readString(reader, ggufLimits.stringBytes, key) };
  }
  if (type === valueType.array) {
    return readArray(reader, key);
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

async function readMetadata(
  reader: GgufReader,
  count: number,
): Promise<Map<string, MetadataValue>> {
  const metadata = new Map<string, MetadataValue>();
  for (let index = 0; index < count; index++) {
    const key = await readString(reader, ggufLimits.keyBytes, 'a key');
    if (key === '' || metadata.has(key)) {
      throw new InvalidGguf(key === '' ? 'a key is empty' : `the key ${key} occurs twice`);
    }
    metadata.set(key, await readValue(reader, key));
  }
  return metadata;
}

/** Reads a shape, checked so that the number of bytes is exact. */
async function readShape(reader: GgufReader, name: string): Promise<bigint[]> {
  await reader.ensure(4);
  const dimensions = reader.uint32();
  if (dimensions < 1 || dimensions > ggufLimits.dimensions) {
    throw new InvalidGguf(`the tensor ${name} has ${String(dimensions)} dimensions`);
  }
  await reader.ensure(8 * dimensions);
  const shape: bigint[] = [];
  for (let index = 0; index < dimensions; index++) {
    const extent = reader.uint64();
    if (extent < 1n || extent > 0xffff_ffffn) {
      throw new InvalidGguf(`the tensor ${name} has the extent ${String(extent)}`);
    }
    shape.push(extent);
  }
  return shape;
}

function tensorBytes(name: string, shape: readonly bigint[], typeNumber: number): bigint {
  const type = tensorTypes.get(typeNumber);
  if (type === undefined) {
    throw new InvalidGguf(`the tensor ${name} has the unknown type ${String(typeNumber)}`);
  }
  const blockValues = BigInt(type.blockValues);
  if ((shape[0] ?? 0n) % blockValues !== 0n) {
    throw new InvalidGguf(`the rows of the tensor ${name} are not whole blocks of ${type.name}`);
  }
  const values = shape.reduce((product, extent) => product * extent, 1n);
  return (values / blockValues) * BigInt(type.blockBytes);
}

interface PlacedTensor extends TensorInfo {
  readonly offset: bigint;
}

async function readTensor(reader: GgufReader): Promise<PlacedTensor> {
  const name = await readString(reader, ggufLimits.tensorNameBytes, "a tensor's name");
  const shape = await readShape(reader, name);
  await reader.ensure(12);
  const bytes = tensorBytes(name, shape, reader.uint32());
  if (bytes > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new InvalidGguf(`the tensor ${name} is larger than any file`);
  }
  return { name, shape: shape.map(Number), bytes: Number(bytes), offset: reader.uint64() };
}

function alignmentOf(metadata: ReadonlyMap<string, MetadataValue>): bigint {
  const value = metadata.get('general.alignment');
  if (value === undefined) {
    return 32n;
  }
  const alignment = value.kind === 'number' && value.type === valueType.uint32 ? value.value : 0;
  if (
    !Number.isInteger(Math.log2(alignment)) ||
    alignment < ggufLimits.leastAlignment ||
    alignment > ggufLimits.alignment
  ) {
    throw new InvalidGguf('its alignment is not a power of two from 32 bytes to 1 MiB');
  }
  return BigInt(alignment);
}

function roundUp(value: bigint, alignment: bigint): bigint {
  return ((value + alignment - 1n) / alignment) * alignment;
}

/**
 * Reads and checks a header: metadata, and tensors that lie in sequence inside the file.
 * @param size bytes of the file
 * @throws InvalidGguf with the defect as the end of a sentence
 */
export async function readGgufHeader(handle: FileHandle, size: number): Promise<GgufHeader> {
  const reader = new GgufReader(handle, size, ggufLimits.headerBytes);
  if (size < 4) {
    throw new InvalidGguf('it does not begin with the letters GGUF');
  }
  await reader.ensure(4);
  if (reader.uint32() !== magic) {
    throw new InvalidGguf('it does not begin with the letters GGUF');
  }
  await reader.ensure(20);
  const version = reader.uint32();
  if (version !== 2 && version !== 3) {
    throw new InvalidGguf(`its version is ${String(version)}, but Loci supports only 2 and 3`);
  }
  const tensorCount = await readCount(reader, ggufLimits.tensors, 'tensors');
  const keyCount = await readCount(reader, ggufLimits.keys, 'keys');
  const metadata = await readMetadata(reader, keyCount);
  const alignment = alignmentOf(metadata);
  const tensors = new Map<string, TensorInfo>();
  let expected = 0n;
  for (let index = 0; index < tensorCount; index++) {
    const tensor = await readTensor(reader);
    if (tensors.has(tensor.name)) {
      throw new InvalidGguf(`the tensor ${tensor.name} occurs twice`);
    }
    if (tensor.offset !== expected) {
      throw new InvalidGguf(`the tensor ${tensor.name} does not follow the one before it`);
    }
    expected += roundUp(BigInt(tensor.bytes), alignment);
    tensors.set(tensor.name, tensor);
  }
  checkData(tensors, BigInt(reader.position), alignment, BigInt(size));
  return { metadata, tensors };
}

/** Every tensor must end inside the file; the padding after the last one may be missing. */
function checkData(
  tensors: ReadonlyMap<string, TensorInfo>,
  headerEnd: bigint,
  alignment: bigint,
  size: bigint,
): void {
  let offset = roundUp(headerEnd, alignment);
  for (const { name, bytes } of tensors.values()) {
    if (offset + BigInt(bytes) > size) {
      throw new InvalidGguf(`it ends inside the tensor ${name}, so the file is incomplete`);
    }
    offset += roundUp(BigInt(bytes), alignment);
  }
}
