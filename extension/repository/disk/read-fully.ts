import type { FileHandle } from 'node:fs/promises';

/** Reads from the start of a file until `buffer` is full or the file ends. */
export async function readFully(handle: FileHandle, buffer: Uint8Array): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) {
      break;
    }
    length += bytesRead;
  }
  return length;
}
