/**
 * Reads optional facts from a valid model file: parameters, and fill-in-the-middle (FIM) tokens.
 */

import { open } from 'node:fs/promises';
import { readGgufHeader } from './gguf-header.ts';

/** The middle token of a FIM prompt, family by family. */
const middleTokens = [
  '<|fim_middle|>', // Qwen, StarCoder 2 re-exports
  '<fim_middle>', // StarCoder
  '<fim-middle>', // Granite
  '<|fim_hole|>',
  '<｜fim▁end｜>', // DeepSeek
  '<MID>', // CodeLlama
  '▁<MID>',
  '[MIDDLE]', // Codestral
  '<|code_middle|>', // GLM
];

/** A vocabulary lies within the first bytes of a file. */
const searchedBytes = 64 * 2 ** 20;
const blockBytes = 2 ** 20;

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

/**
 * Whether a vocabulary has a FIM token for the middle of a text. Searches for the token as a GGUF
 * file stores it, after its length, so that a template that mentions it does not count.
 */
export async function fillsInMiddle(file: string): Promise<boolean> {
  const wanted = middleTokens.map((token) => {
    const text = Buffer.from(token, 'utf8');
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([length, text]);
  });
  const overlap = Math.max(...wanted.map(({ length }) => length)) - 1;
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return false;
  try {
    let kept = Buffer.alloc(0);
    for (let position = 0; position < searchedBytes; position += blockBytes) {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(blockBytes),
        0,
        blockBytes,
        position,
      );
      if (bytesRead === 0) return false;
      const block = Buffer.concat([kept, buffer.subarray(0, bytesRead)]);
      if (wanted.some((bytes) => block.includes(bytes))) return true;
      kept = Buffer.from(block.subarray(Math.max(0, block.length - overlap)));
    }
    return false;
  } finally {
    await handle.close();
  }
}
