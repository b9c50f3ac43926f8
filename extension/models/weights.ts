/** What a sound model file says beyond what the engine must know: parameters, and fill-in-the-middle. */

import { open } from 'node:fs/promises';
import { readGgufHeader } from './gguf-header.ts';

/** Tokens that begin the three parts of a fill-in-the-middle prompt, family by family. */
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

/** A vocabulary stands within the first bytes of a file. */
const searchedBytes = 64 * 2 ** 20;
const blockBytes = 2 ** 20;

/** The number of weights in all files of a model; null where a header cannot be read. */
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
 * Whether a vocabulary has a token for the middle of a text. Looks for the token as a GGUF file
 * stores it, its length in front, so that a template that mentions it does not count.
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
