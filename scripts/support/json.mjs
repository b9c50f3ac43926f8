import { readFile } from 'node:fs/promises';
import { Failure } from './failure.mjs';

/**
 * Reads one string property of a JSON file.
 * @param {string} file
 * @param {string} key
 * @returns {Promise<string>}
 */
export async function readProperty(file, key) {
  /** @type {unknown} */
  const content = JSON.parse(await readFile(file, 'utf8'));
  /** @type {unknown} */
  const value = typeof content === 'object' ? Reflect.get(content ?? {}, key) : undefined;
  if (typeof value !== 'string') throw new Failure(`${file} has no text "${key}".`);
  return value;
}
