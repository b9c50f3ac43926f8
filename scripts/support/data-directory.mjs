/** The folder of settings and chats that `npm start` keeps: one for each workbench that runs at a time. */

import path from 'node:path';
import { rm, mkdir } from 'node:fs/promises';
import { tryLock } from './lock.mjs';
import { cacheDirectory } from './paths.mjs';

/** How many workbenches are looked for: more than ever ran. */
const most = 100;

/**
 * The first folder that no other living process uses: `data`, then `data-2` and so on. The same one
 * again at the next start.
 * @param {string} [parent]
 * @returns {Promise<{ directory: string, release: () => Promise<void> }>}
 */
export async function takeDataDirectory(parent = path.join(cacheDirectory, 'workbench')) {
  for (let number = 1; number <= most; number++) {
    const directory = path.join(parent, number === 1 ? 'data' : `data-${number}`);
    const lock = `${directory}.lock`;
    await mkdir(parent, { recursive: true });
    if (!(await tryLock(lock))) continue;
    await mkdir(directory, { recursive: true });
    return { directory, release: () => rm(lock, { force: true }) };
  }
  throw new Error(`${most} workbenches run already.`);
}
