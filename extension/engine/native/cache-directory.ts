/** Where what can be computed again is kept. */

import { access, constants, mkdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileSystemErrorCode } from '../../repository/disk/file-system-error.ts';
import { fileReason } from '../../protocol/file-problem.ts';
import { plainLine } from '../../protocol/plain-text.ts';

/**
 * The user's cache folder for Loci: `LOCI_CACHE_DIR` where it is set, else the platform's place; null
 * where there is none. Paths that are empty or relative do not count, as the XDG specification says:
 * they would name a folder in the repository. It may not exist yet, and may go at any time.
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

/** The home folder by the system's list of accounts; null for a user who is not in it. */
function accountHome(): string | null {
  try {
    const { homedir } = userInfo();
    return isAbsolute(homedir) ? homedir : null;
  } catch {
    return null;
  }
}

export interface PreparedCache {
  /** null: nothing is kept. */
  readonly directory: string | null;
  /** A sentence on why nothing is kept. */
  readonly notice: string | null;
}

/** Makes the cache folder and tries whether it can be used. Never rejects. */
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
 * Makes a folder and those above it. Node's own `recursive` never returns where a folder above is a
 * link to nowhere, or in `/proc`.
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

/** Another process may have made it meanwhile, and systems differ in how they say so. */
async function requireDirectory(directory: string, error: unknown): Promise<void> {
  const isDirectory = await stat(directory).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (isDirectory) return;
  if (fileSystemErrorCode(error) !== 'EEXIST') throw error;
  await stat(directory); // says what the link in its place lacks
  throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
}
