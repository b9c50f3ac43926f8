import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

/** The kinds of metadata value that model files need. */
export type GgufValue =
  | { readonly type: 'uint32' | 'int32' | 'float32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'int32s'; readonly value: readonly number[] }
  | { readonly type: 'bools'; readonly value: readonly boolean[] };

export interface GgufTensor {
  readonly name: string;
  /** The fastest-changing dimension first, as in ggml. */
  readonly shape: readonly number[];
  readonly type: 'f16' | 'f32';
  /** Its data in pieces of any size; `2` or `4` bytes per element in total. */
  readonly data: () => Iterable<Uint8Array>;
}

const alignment = 32;
const ggufVersion = 3;
const valueTypes = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;
const tensorTypes = { f32: 0, f16: 1 } as const;
const elementBytes = { f32: 4, f16: 2 } as const;

/**
 * Writes a GGUF file, tensor by tensor, with only one piece in memory.
 * @throws Error if the length of a tensor's data does not match its shape.
 */
export async function writeGguf(
  path: string,
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: readonly GgufTensor[],
): Promise<void> {
  const file = await open(path, 'w');
  try {
    const header = ggufHeader(metadata, tensors);
    await file.write(header);
    await file.write(padding(header.length));
    for (const tensor of tensors) await writeTensor(file, tensor);
  } finally {
    await file.close();
  }
}

/** Everything before the tensors' data, without the padding that follows it. */
export function ggufHeader(
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: readonly Omit<GgufTensor, 'data'>[],
): Buffer {
  const entries = Object.entries(metadata);
  const parts = [Buffer.from('GGUF'), u32(ggufVersion), u64(tensors.length), u64(entries.length)];
  for (const [key, value] of entries) parts.push(text(key), ...encode(value));
  let offset = 0;
  for (const { name, shape, type } of tensors) {
    parts.push(
      text(name),
      u32(shape.length),
      ...shape.map(u64),
      u32(tensorTypes[type]),
      u64(offset),
    );
    offset += aligned(byteLength({ shape, type }));
  }
  return Buffer.concat(parts);
}

async function writeTensor(file: FileHandle, tensor: GgufTensor): Promise<void> {
  const expected = byteLength(tensor);
  let written = 0;
  for (const piece of tensor.data()) {
    await file.write(piece);
    written += piece.length;
  }
  if (written !== expected) {
    throw new Error(`${tensor.name} has ${String(written)} bytes instead of ${String(expected)}.`);
  }
  await file.write(padding(written));
}

function encode(value: GgufValue): Buffer[] {
  switch (value.type) {
    case 'uint32':
      return [u32(valueTypes.uint32), u32(value.value)];
    case 'int32':
      return [u32(valueTypes.int32), i32(value.value)];
    case 'float32':
      return [u32(valueTypes.float32), f32(value.value)];
    case 'bool':
      return [u32(valueTypes.bool), Buffer.from([value.value ? 1 : 0])];
    case 'string':
      return [u32(valueTypes.string), text(value.value)];
    case 'strings':
      return [...arrayHead(valueTypes.string, value.value.length), ...value.value.map(text)];
    case 'int32s':
      return [...arrayHead(valueTypes.int32, value.value.length), ...value.value.map(i32)];
    case 'bools':
      return [
        ...arrayHead(valueTypes.bool, value.value.length),
        Buffer.from(value.value.map(Number)),
      ];
  }
}

function arrayHead(type: number, length: number): Buffer[] {
  return [u32(valueTypes.array), u32(type), u64(length)];
}

function byteLength({ shape, type }: Pick<GgufTensor, 'shape' | 'type'>): number {
  return shape.reduce((product, size) => product * size, elementBytes[type]);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

function padding(bytes: number): Buffer {
  return Buffer.alloc(aligned(bytes) - bytes);
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function i32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer;
}

function f32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}

function u64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}
