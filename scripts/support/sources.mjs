import { readdir } from 'node:fs/promises';
import { fromRoot } from './paths.mjs';

/**
 * Lists our own C++ sources and headers.
 * @returns {Promise<string[]>} absolute paths, sorted
 */
export async function nativeFiles() {
  const entries = await readdir(fromRoot('native-kernels'), { recursive: true });
  return entries
    .filter((name) => /\.(cpp|h)$/.test(name) && !/\bthird-party\b/.test(name))
    .sort()
    .map((name) => fromRoot('native-kernels', name));
}
