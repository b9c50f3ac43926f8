import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { readFully } from './read-fully.ts';
import { displayPath } from './byte-path.ts';
import { RepositoryError } from './repository-error.ts';

const optional = constants as Partial<typeof constants>;
/** A pipe without a writer must not hold the listing up. */
const openFlags = constants.O_RDONLY | (optional.O_NONBLOCK ?? 0) | (optional.O_NOCTTY ?? 0);

/** Larger than any file of rules that a person or a tool keeps. */
const largestSettingsFile = 16 << 20;

export interface SettingsOptions {
  /** Whether a symbolic link counts; git takes `.gitignore` as it is, without following one. */
  readonly followLinks: boolean;
  readonly maxBytes?: number;
}

/**
 * The bytes of a file of settings; null where there is none that can be read: missing, a folder, a
 * pipe, a device, without permission. Never waits for another process.
 * @throws RepositoryError `repository-unreadable` for a larger file: to read on without its rules
 * would read what it leaves out.
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

/** The same as text of one character a byte, as ignore rules are matched. */
export async function readRuleFile(
  path: string | Buffer,
  options: SettingsOptions,
): Promise<string | null> {
  return (await readSettings(path, options))?.toString('latin1') ?? null;
}
