import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readSettings } from '../disk/settings-file.ts';

/** The git directories of a work tree. */
export interface GitDirectory {
  /** This work tree's own: its index and HEAD. */
  readonly directory: string;
  /** What all work trees of the repository share: its settings and objects. */
  readonly common: string;
  /** Whether this is an additional work tree of a repository, made by `git worktree add`. */
  readonly linked: boolean;
}

const smallFile = { followLinks: true, maxBytes: 1 << 20 } as const;

async function readLine(path: string): Promise<string | null> {
  const bytes = await readSettings(path, smallFile).catch(() => null);
  return bytes?.toString('utf8').replace(/[\r\n]+$/, '') ?? null;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** Reads the line in HEAD: a branch or a commit. */
export async function readHead(gitDirectory: string): Promise<string | null> {
  return readLine(join(gitDirectory, 'HEAD'));
}

/** Whether a text is the contents of a HEAD. */
function isHead(text: string | null): boolean {
  return text !== null && /^(?:ref:\s*refs\/|[0-9a-f]{40}(?:[0-9a-f]{24})?\s*$)/.test(text);
}

/** Whether a folder of any name holds git's own files: has HEAD, objects and refs, as git tests. */
export async function isGitDirectory(path: string): Promise<boolean> {
  return (
    isHead(await readHead(path)) &&
    (await isFolder(join(path, 'objects'))) &&
    (await isFolder(join(path, 'refs')))
  );
}

async function linkedDirectory(directory: string): Promise<GitDirectory | null> {
  const pointer = await readLine(join(directory, 'commondir'));
  if (pointer === null) {
    return (await isGitDirectory(directory))
      ? { directory, common: directory, linked: false }
      : null;
  }
  const common = await realpath(resolve(directory, pointer.trim())).catch(() => null);
  return common !== null && isHead(await readHead(directory))
    ? { directory, common, linked: true }
    : null;
}

/** The git directories of a folder with a `.git` (the top of a work tree), or null. */
export async function gitDirectoryOf(folder: string): Promise<GitDirectory | null> {
  const dotGit = join(folder, '.git');
  let directory = dotGit;
  if (!(await isFolder(dotGit))) {
    const pointer = /^gitdir: (.+)$/s.exec((await readLine(dotGit)) ?? '')?.[1];
    if (pointer === undefined) {
      return null;
    }
    directory = resolve(folder, pointer);
  }
  const real = await realpath(directory).catch(() => null);
  return real === null ? null : linkedDirectory(real);
}

/** What surrounds a folder: the work tree that it is in, or git's own files. */
export type Surroundings =
  | { readonly kind: 'work-tree'; readonly top: string; readonly git: GitDirectory }
  | { readonly kind: 'git-directory'; readonly top: string }
  | { readonly kind: 'nothing' };

/** Searches from a folder upwards. */
export async function lookAround(folder: string): Promise<Surroundings> {
  for (let top = folder; ; top = dirname(top)) {
    const git = await gitDirectoryOf(top);
    if (git !== null) {
      return { kind: 'work-tree', top, git };
    }
    if (await isGitDirectory(top)) {
      return { kind: 'git-directory', top };
    }
    if (dirname(top) === top) {
      return { kind: 'nothing' };
    }
  }
}

/** The linked work trees that a repository lists and that exist, ordered by name. */
export async function linkedWorkTrees(
  common: string,
): Promise<{ readonly path: string; readonly head: string | null }[]> {
  const folder = join(common, 'worktrees');
  const names = await readdir(folder).catch(() => []);
  const trees: { path: string; head: string | null }[] = [];
  for (const name of names.sort()) {
    const dotGit = await readLine(join(folder, name, 'gitdir'));
    const path =
      dotGit === null
        ? null
        : await realpath(dirname(resolve(folder, name, dotGit))).catch(() => null);
    if (path !== null) {
      trees.push({ path, head: await readHead(join(folder, name)) });
    }
  }
  return trees;
}
