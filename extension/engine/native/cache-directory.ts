/** The cache folder, for results that can be computed again. */

import { access, constants, mkdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileSystemErrorCode } from '../../repository/disk/file-system-error.ts';
import { fileReason } from '../../protocol/file-problem.ts';
import { plainLine } from '../../protocol/plain-text.ts';

/**
 * Returns the user's cache folder for Loci: `LOCI_CACHE_DIR` if set, else the platform's location;
 * null if there is none. Ignores empty and relative paths, as the XDG specification requires: they
 * would name a folder in the repository. The folder may not exist, and may disappear at any time.
 */
export function cacheDirectory(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | null {
  const named = (name: string): string | null => {
    const value = environment[name] ?? '';
    return isAbsolute(value) ? value : null;
  };
  const chosen = named('LOCI_CACHE_DIR');
  if (chosen !== null) return chosen;
  const parent =
    platform === 'darwin' ? null : named(platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME');
  if (parent !== null) return join(parent, 'loci');
  const home = named(platform === 'win32' ? 'USERPROFILE' : 'HOME') ?? accountHome();
  if (home === null) return null;
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'loci');
  if (platform === 'win32') return join(home, 'AppData', 'Local', 'loci');
  return join(home, '.cache', 'loci');
}

/** Returns the home folder from the system's accounts; null for a user without an account. */
function accountHome(): string | null {
  try {
    const { homedir } = userInfo();
    return isAbsolute(homedir) ? homedir : null;
  } catch {
    return null;
  }
}

export interface PreparedCache {
  /** null: nothing is cached. */
  readonly directory: string | null;
  /** A sentence on why nothing is cached. */
  readonly notice: string | null;
}

/** Creates the cache folder and checks that it is usable. Never rejects. */
export async function prepareCache(directory = cacheDirectory()): Promise<PreparedCache> {
  if (directory === null) {
    return { directory, notice: 'Nothing is cached: this user has no home folder.' };
  }
  try {
    await makeDirectory(directory);
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return { directory, notice: null };
  } catch (error) {
    const reason = fileReason(fileSystemErrorCode(error) ?? 'EIO');
    const notice = `Nothing is cached: ${plainLine(directory)} cannot be used, because ${reason}.`;
    return { directory: null, notice };
  }
}

/**
 * Creates a folder and its parents. Node's own `recursive` never returns if a parent is a dangling
 * link or is in `/proc`.
 * @throws the file system's error
 */
export async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    const code = fileSystemErrorCode(error);
    const parent = dirname(directory);
    if (code === 'ENOENT' && parent !== directory) {
      await makeDirectory(parent);
      await mkdir(directory).catch((again: unknown) => requireDirectory(directory, again));
      return;
    }
    await requireDirectory(directory, error);
  }
}

/** Accepts a folder that another process created meanwhile, which systems report differently. */
async function requireDirectory(directory: string, error: unknown): Promise<void> {
  const isDirectory = await stat(directory).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (isDirectory) return;
  if (fileSystemErrorCode(error) !== 'EEXIST') throw error;
  await stat(directory); // throws the error of a dangling link
  throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
}
