import { readFile, writeFile } from 'node:fs/promises';

const described = 'general.description';
const based = 'general.basename';

/**
 * Writes a copy of a model file that says what it is based on, in place of its description.
 * @throws Error if the file has no description, or a shorter one
 */
export async function writeBasedModel(from: string, to: string, basename: string): Promise<void> {
  const bytes = await readFile(from);
  const key = bytes.indexOf(described);
  if (key < 0) throw new Error(`${from} has no description.`);
  // A length and the key; the type, a length and the value.
  const value = key + described.length + 12;
  const length = Number(bytes.readBigUInt64LE(value - 8)) + described.length - based.length;
  if (length < basename.length) throw new Error(`The description of ${from} is too short.`);
  const moved = value - described.length + based.length;
  bytes.writeBigUInt64LE(BigInt(based.length), key - 8);
  bytes.copyWithin(moved - 12, value - 12, value);
  bytes.write(based, key);
  bytes.writeBigUInt64LE(BigInt(length), moved - 8);
  bytes.write(basename.padEnd(length), moved);
  await writeFile(to, bytes);
}
