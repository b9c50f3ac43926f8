/** Computes the SHA-256 of files. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Returns the SHA-256 of a file's bytes in hexadecimal. @throws any read error */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/**
 * Whether the file exists and is complete.
 * @param expected `bytes`, if known, avoids reading a truncated file
 * @throws any read error except a missing file
 */
export async function isWhole(
  file: string,
  expected: { readonly sha256: string; readonly bytes?: number },
): Promise<boolean> {
  try {
    const { size } = await stat(file);
    if (expected.bytes !== undefined && size !== expected.bytes) return false;
    return (await sha256Of(file)) === expected.sha256;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
