import type { FileHandle } from 'node:fs/promises';

/** A defect of a file. Caught where the file is validated; the message ends a sentence. */
export class InvalidGguf extends Error {}

/** The file ends before its header does, though it should be longer. */
export class ShortenedGguf extends InvalidGguf {}

const blockBytes = 64 * 1024;

/**
 * Reads little-endian values in sequence from a file, in blocks. Holds at most one block or one
 * value, and refuses to read past the end of the file or past `limit`.
 */
export class GgufReader {
  readonly #handle: FileHandle;
  readonly #end: number;
  #buffer = new DataView(new ArrayBuffer(0));
  /** The buffer's offset in the file, and the reader's offset in the buffer. */
  #start = 0;
  #offset = 0;

  /**
   * @param size bytes of the file
   * @param limit most bytes of a header
   */
  constructor(handle: FileHandle, size: number, limit: number) {
    this.#handle = handle;
    this.#end = Math.min(size, limit);
  }

  /** The file offset of the next read. */
  get position(): number {
    return this.#start + this.#offset;
  }

  /** Whether that many bytes are in memory, so that `ensure` is not needed. */
  has(count: number): boolean {
    return this.#offset + count <= this.#buffer.byteLength;
  }

  /** Loads the next bytes into memory. @throws InvalidGguf if the header ends first */
  async ensure(count: number): Promise<void> {
    if (this.has(count)) {
      return;
    }
    this.#checkRoom(count);
    const start = this.position;
    const length = Math.min(Math.max(count, blockBytes), this.#end - start);
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#handle.read(bytes, filled, length - filled, start + filled);
      if (bytesRead === 0) {
        throw new ShortenedGguf('it became shorter while Loci read it');
      }
      filled += bytesRead;
    }
    this.#buffer = new DataView(bytes.buffer);
    this.#start = start;
    this.#offset = 0;
  }

  /** Makes sure that so many bytes follow. @throws InvalidGguf if the header ends first */
  require(count: number): void {
    this.#checkRoom(count);
  }

  /** Skips bytes without reading them. @throws InvalidGguf if the header ends first */
  skip(count: number): void {
    this.#checkRoom(count);
    this.#offset += count;
    if (this.#offset > this.#buffer.byteLength) {
      this.#start += this.#offset;
      this.#offset = 0;
      this.#buffer = new DataView(new ArrayBuffer(0));
    }
  }

  // The readers below require their bytes in memory.

  uint32(): number {
    return this.#buffer.getUint32(this.#advance(4), true);
  }

  uint64(): bigint {
    return this.#buffer.getBigUint64(this.#advance(8), true);
  }

  /** Reads a metadata scalar, as a number if that is exact. */
  scalar(bytes: number, kind: 'unsigned' | 'signed' | 'float'): number | bigint {
    const offset = this.#advance(bytes);
    const view = this.#buffer;
    if (kind === 'float') {
      return bytes === 4 ? view.getFloat32(offset, true) : view.getFloat64(offset, true);
    }
    if (bytes === 8) {
      return kind === 'signed' ? view.getBigInt64(offset, true) : view.getBigUint64(offset, true);
    }
    const unsigned =
      bytes === 1
        ? view.getUint8(offset)
        : bytes === 2
          ? view.getUint16(offset, true)
          : view.getUint32(offset, true);
    const bits = 8 * bytes;
    return kind === 'signed' && unsigned >= 2 ** (bits - 1) ? unsigned - 2 ** bits : unsigned;
  }

  /** Reads UTF-8 text; invalid bytes become U+FFFD. */
  text(bytes: number): string {
    const offset = this.#advance(bytes);
    return new TextDecoder().decode(new Uint8Array(this.#buffer.buffer, offset, bytes));
  }

  /** Reads bytes as a string with one character per byte, each below U+0100. */
  latin1(bytes: number): string {
    const offset = this.#advance(bytes);
    return Buffer.from(this.#buffer.buffer, offset, bytes).toString('latin1');
  }

  #advance(count: number): number {
    const offset = this.#offset;
    this.#offset += count;
    return offset;
  }

  #checkRoom(count: number): void {
    if (this.position + count > this.#end) {
      throw new InvalidGguf('it ends in the middle of its header');
    }
  }
}
