import type { FileHandle } from 'node:fs/promises';
import { ggufLimits, readCount, readMetadata, readString } from './gguf-metadata.ts';
import type { MetadataValue, TokenMarks } from './gguf-metadata.ts';
import { GgufReader, InvalidGguf } from './gguf-reader.ts';
import { tensorTypes, valueType } from './gguf-types.ts';

export interface TensorInfo {
  readonly name: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, MetadataValue>;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly marks: TokenMarks;
}

const magic = 0x46554747;

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
  const { metadata, marks } = await readMetadata(reader, keyCount);
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
  return { metadata, tensors, marks };
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
