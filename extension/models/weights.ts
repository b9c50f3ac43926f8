/** Reads an optional fact from a valid model file: its parameters. */

import { open } from 'node:fs/promises';
import { readGgufHeader } from './gguf-header.ts';

/** The number of weights in all files of a model; null if a header cannot be read. */
export async function countParameters(files: readonly string[]): Promise<number | null> {
  let parameters = 0;
  for (const file of files) {
    const handle = await open(file, 'r').catch(() => null);
    if (handle === null) return null;
    try {
      const { size } = await handle.stat();
      const { tensors } = await readGgufHeader(handle, size);
      for (const { shape } of tensors.values()) {
        parameters += shape.reduce((product, extent) => product * extent, 1);
      }
    } catch {
      return null;
    } finally {
      await handle.close();
    }
  }
  return parameters;
}
