/** Files that other programs wrote: they may be missing, broken, or anything else. */

import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';

/** Settings and manifests are smaller. */
const mostBytes = 1_000_000;

/** What is in a folder; nothing where it cannot be read. */
export async function list(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** The size of a regular file, links followed; null where there is none. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? stats.size : null;
  } catch {
    return null;
  }
}

/** The text of a small file; empty where there is none. */
export async function readSmall(path: string): Promise<string> {
  try {
    const size = await sizeOf(path);
    return size === null || size > mostBytes ? '' : await readFile(path, 'utf8');
  } catch {
    return '';
  }
}

/** The object in a small JSON file; an empty one where there is none. */
export async function readObject(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const content: unknown = JSON.parse(await readSmall(path));
    return isObject(content) ? content : {};
  } catch {
    return {};
  }
}

/** Whether a value is an object whose properties can be asked for. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
