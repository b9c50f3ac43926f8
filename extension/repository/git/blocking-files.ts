import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runTasks, type Task } from '../disk/task-pool.ts';

/** The files in a git directory that git reads to list files. */
const gitFiles: readonly string[] = [
  'HEAD',
  'commondir',
  'config',
  'config.worktree',
  'index',
  'packed-refs',
  'shallow',
  'info/exclude',
  'info/attributes',
  'info/grafts',
  'info/sparse-checkout',
  'objects/info/alternates',
];

/** Whether opening a file for reading may block for ever: a pipe, a terminal, a device. */
async function mayBlock(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  return stats !== null && !stats.isFile() && !stats.isDirectory();
}

/**
 * Whether a file that git opens first may block it: unlike Loci, git waits.
 * @param others rule files outside the git directories
 */
export async function blocksGit(
  gitDirectories: readonly string[],
  others: readonly string[],
): Promise<boolean> {
  const files = gitDirectories.flatMap((folder) => gitFiles.map((file) => join(folder, file)));
  return (await Promise.all([...files, ...others].map(mayBlock))).includes(true);
}

/** Searches a work tree for a `.gitignore` that may block git. */
export async function findBlockingIgnoreFile(
  folder: string,
  signal: AbortSignal,
): Promise<boolean> {
  let found = false;
  const look = async (path: string): Promise<Task[]> => {
    if (found || signal.aborted) {
      return [];
    }
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    const odd = entries.some((entry) => entry.name === '.gitignore' && !entry.isFile());
    if (odd && (await mayBlock(join(path, '.gitignore')))) {
      found = true;
    }
    return entries
      .filter((entry) => entry.isDirectory() && entry.name !== '.git')
      .map((entry) => () => look(join(path, entry.name)));
  };
  await runTasks([() => look(folder)], 8, undefined);
  return found;
}
