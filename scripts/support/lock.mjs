import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two checks of a lock that another process holds. */
const pollMs = 200;

/**
 * Runs `action` while holding a lock file, so that two set-ups never write the same build. A lock
 * whose process has ended is taken over.
 * @template Result
 * @param {string} file
 * @param {(owner: string) => void} onWait called once if another live process holds the lock
 * @param {() => Promise<Result>} action
 * @returns {Promise<Result>}
 */
export async function withLock(file, onWait, action) {
  await mkdir(path.dirname(file), { recursive: true });
  let waited = false;
  while (!(await tryTake(file))) {
    const owner = await readOwner(file);
    if (owner !== null && !isAlive(owner)) {
      await rm(file, { force: true });
      continue;
    }
    if (!waited && owner !== null) onWait(String(owner));
    waited = true;
    await sleep(pollMs);
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * Takes a lock without waiting, even one whose process has ended.
 * @param {string} file
 * @returns {Promise<boolean>} whether the lock is now ours
 */
export async function tryLock(file) {
  if (await tryTake(file)) return true;
  const owner = await readOwner(file);
  if (owner !== null && isAlive(owner)) return false;
  await rm(file, { force: true });
  return tryTake(file);
}

/**
 * Takes the lock by linking a complete file into place, so that a lock always has an owner.
 * @param {string} file
 * @returns {Promise<boolean>} whether the lock is now ours
 */
async function tryTake(file) {
  const own = `${file}.${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {Promise<number | null>} null if the owner has just released it
 */
async function readOwner(file) {
  try {
    const id = Number.parseInt(await readFile(file, 'utf8'), 10);
    return Number.isNaN(id) ? null : id;
  } catch {
    return null;
  }
}

/** @param {number} id */
function isAlive(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
