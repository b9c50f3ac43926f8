import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { readFully } from './read-fully.ts';
import { displayPath } from './byte-path.ts';
import { RepositoryError } from './repository-error.ts';

const optional = constants as Partial<typeof constants>;
/** Without O_NONBLOCK, opening a pipe that has no writer would block the listing. */
const openFlags = constants.O_RDONLY | (optional.O_NONBLOCK ?? 0) | (optional.O_NOCTTY ?? 0);

/** Larger than any rule file that a person or a tool maintains. */
const largestSettingsFile = 16 << 20;

export interface SettingsOptions {
  /** Whether to follow a symbolic link; git does not follow one at `.gitignore`. */
  readonly followLinks: boolean;
  readonly maxBytes?: number;
}

/**
 * Reads the bytes of a settings file, or returns null if it cannot be read: missing, a folder, a
 * pipe, a device, without permission. Never waits for another process.
 * @throws RepositoryError `repository-unreadable` for a larger file: continuing without its rules
 * would read files that it excludes.
 */
export async function readSettings(
  path: string | Buffer,
  { followLinks, maxBytes = largestSettingsFile }: SettingsOptions,
): Promise<Buffer | null> {
  const flags = openFlags | (followLinks ? 0 : (optional.O_NOFOLLOW ?? 0));
  const handle = await open(path, flags).catch(() => null);
  if (handle === null) {
    return null;
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) {
      return null;
    }
    if (stats.size > maxBytes) {
      const name = typeof path === 'string' ? path : displayPath(path.toString('latin1'));
      const limit = `${String(Math.floor(maxBytes / 2 ** 20))} MiB`;
      throw new RepositoryError(
        'repository-unreadable',
        `${name} is larger than ${limit}, so Loci cannot tell which files to skip.`,
      );
    }
    const bytes = Buffer.alloc(stats.size);
    return bytes.subarray(0, await readFully(handle, bytes));
  } catch (error) {
    if (error instanceof RepositoryError) {
      throw error;
    }
    return null;
  } finally {
    await handle.close();
  }
}

/** Reads the same as text with one character per byte, the form that ignore rules match. */
export async function readRuleFile(
  path: string | Buffer,
  options: SettingsOptions,
): Promise<string | null> {
  return (await readSettings(path, options))?.toString('latin1') ?? null;
}
