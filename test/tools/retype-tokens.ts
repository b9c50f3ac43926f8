import { readFile, writeFile } from 'node:fs/promises';

const key = Buffer.from('tokenizer.ggml.token_type');
const control = 3;
const userDefined = 4;

/**
 * Writes a copy of a model file in which every control token is user-defined, as in many
 * fine-tunes.
 * @throws Error if the file has no token types.
 */
export async function writeRetypedModel(from: string, to: string): Promise<void> {
  const bytes = await readFile(from);
  const found = bytes.indexOf(key);
  if (found < 0) throw new Error(`${from} has no types of tokens.`);
  // The type of the value and that of its elements, their number, and the elements.
  const header = found + key.length + 8;
  const count = Number(bytes.readBigUInt64LE(header));
  for (let index = 0; index < count; index++) {
    const at = header + 8 + 4 * index;
    if (bytes.readInt32LE(at) === control) bytes.writeInt32LE(userDefined, at);
  }
  await writeFile(to, bytes);
}
