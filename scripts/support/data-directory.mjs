/** The folder of settings and chats that `npm start` keeps: one for each concurrent workbench. */

import path from 'node:path';
import { rm, mkdir } from 'node:fs/promises';
import { tryLock } from './lock.mjs';
import { cacheDirectory } from './paths.mjs';

/** The most workbenches that can run at a time, more than anyone needs. */
const most = 100;

/**
 * Takes the first folder that no other living process uses: `data`, then `data-2` and so on. The
 * next start gets the same one again.
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
