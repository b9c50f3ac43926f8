import { valueType } from '../gguf-types.ts';

/** A metadata value with the type that it is written as. */
export type WrittenValue =
  | { readonly type: 'uint32'; readonly value: number }
  | { readonly type: 'int32'; readonly value: number }
  | { readonly type: 'uint16'; readonly value: number }
  | { readonly type: 'float32'; readonly value: number }
  | { readonly type: 'uint64'; readonly value: bigint }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'uint32s' | 'float32s' | 'bytes'; readonly value: readonly number[] };

export interface WrittenTensor {
  readonly name: string;
  readonly shape: readonly (number | bigint)[];
  /** ggml's number of the type; 0 is F32. */
  readonly type?: number;
  /** Where its data starts; right after the tensor before by default. */
  readonly offset?: bigint;
}

export interface WrittenFile {
  readonly version?: number;
  readonly metadata: Readonly<Record<string, WrittenValue>>;
  readonly tensors: readonly WrittenTensor[];
  /** Counts other than those that are true. */
  readonly tensorCount?: bigint;
  readonly keyCount?: bigint;
  /** Bytes of data after the header; what the tensors need by default. */
  readonly dataBytes?: number;
}

class Bytes {
  readonly #parts: Buffer[] = [];

  uint32(value: number): void {
    const part = Buffer.alloc(4);
    part.writeUInt32LE(value);
    this.#parts.push(part);
  }

  uint64(value: bigint): void {
    const part = Buffer.alloc(8);
    part.writeBigUInt64LE(value);
    this.#parts.push(part);
  }

  raw(part: Buffer): void {
    this.#parts.push(part);
  }

  string(text: string): void {
    const part = Buffer.from(text);
    this.uint64(BigInt(part.length));
    this.raw(part);
  }

  value(written: WrittenValue): void {
    switch (written.type) {
      case 'strings':
        this.#array(valueType.string, written.value.length);
        for (const item of written.value) this.string(item);
        return;
      case 'uint32s':
        this.#array(valueType.uint32, written.value.length);
        for (const item of written.value) this.uint32(item);
        return;
      case 'float32s':
        this.#array(valueType.float32, written.value.length);
        this.raw(Buffer.from(Float32Array.from(written.value).buffer));
        return;
      case 'bytes':
        this.#array(valueType.uint8, written.value.length);
        this.raw(Buffer.from(written.value));
        return;
      case 'string':
        this.uint32(valueType.string);
        this.string(written.value);
        return;
      case 'bool':
        this.uint32(valueType.bool);
        this.raw(Buffer.from([written.value ? 1 : 0]));
        return;
      case 'uint64':
        this.uint32(valueType.uint64);
        this.uint64(written.value);
        return;
      case 'uint16': {
        const part = Buffer.alloc(2);
        part.writeUInt16LE(written.value);
        this.uint32(valueType.uint16);
        this.raw(part);
        return;
      }
      case 'int32':
      case 'float32': {
        const part = Buffer.alloc(4);
        if (written.type === 'int32') part.writeInt32LE(written.value);
        else part.writeFloatLE(written.value);
        this.uint32(valueType[written.type]);
        this.raw(part);
        return;
      }
      case 'uint32':
        this.uint32(valueType.uint32);
        this.uint32(written.value);
    }
  }

  #array(type: number, length: number): void {
    this.uint32(valueType.array);
    this.uint32(type);
    this.uint64(BigInt(length));
  }

  join(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Writes a GGUF file with F32 tensors of zeros, sound or, where asked for, not. */
export function writeGguf(file: WrittenFile): Buffer {
  const bytes = new Bytes();
  const entries = Object.entries(file.metadata);
  bytes.raw(Buffer.from('GGUF'));
  bytes.uint32(file.version ?? 3);
  bytes.uint64(file.tensorCount ?? BigInt(file.tensors.length));
  bytes.uint64(file.keyCount ?? BigInt(entries.length));
  for (const [key, value] of entries) {
    bytes.string(key);
    bytes.value(value);
  }
  let end = 0n;
  for (const { name, shape, type = 0, offset } of file.tensors) {
    bytes.string(name);
    bytes.uint32(shape.length);
    for (const extent of shape) bytes.uint64(BigInt(extent));
    bytes.uint32(type);
    bytes.uint64(offset ?? end);
    const size = 4n * shape.map(BigInt).reduce((product, extent) => product * extent, 1n);
    end += ((size + 31n) / 32n) * 32n;
  }
  const header = bytes.join();
  const padding = Buffer.alloc((32 - (header.length % 32)) % 32);
  return Buffer.concat([header, padding, Buffer.alloc(file.dataBytes ?? Number(end))]);
}

/** The metadata of a small sound model of one architecture. */
export function modelMetadata(
  architecture: string,
  more: Readonly<Record<string, WrittenValue>> = {},
): Record<string, WrittenValue> {
  const uint32 = (value: number): WrittenValue => ({ type: 'uint32', value });
  return {
    'general.architecture': { type: 'string', value: architecture },
    'general.name': { type: 'string', value: 'tiny' },
    [`${architecture}.block_count`]: uint32(2),
    [`${architecture}.context_length`]: uint32(512),
    [`${architecture}.embedding_length`]: uint32(64),
    [`${architecture}.attention.head_count`]: uint32(4),
    [`${architecture}.attention.head_count_kv`]: uint32(2),
    'tokenizer.ggml.model': { type: 'string', value: 'llama' },
    'tokenizer.ggml.tokens': { type: 'strings', value: ['a', 'b', 'c'] },
    ...more,
  };
}

/** The tensors that go with `modelMetadata`. */
export const modelTensors: readonly WrittenTensor[] = [
  { name: 'token_embd.weight', shape: [64, 3] },
  { name: 'output_norm.weight', shape: [64] },
];
