import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { IgnoreRules } from './ignore-rules.ts';
import { RepositoryError } from './repository-error.ts';

/** Larger files of rules are refused: no person writes one. */
const maxSettingsBytes = 16 << 20;

/**
 * The text of a file of settings, null where there is no regular file or it cannot be read. A pipe
 * or a device under that name does not block.
 * @throws RepositoryError where it is too large: its rules cannot be dropped in silence
 */
export async function readSettings(path: string): Promise<string | null> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(
      path,
      constants.O_RDONLY | ((constants as Partial<typeof constants>).O_NONBLOCK ?? 0),
    );
    const stats = await handle.stat();
    if (!stats.isFile()) {
      return null;
    }
    if (stats.size > maxSettingsBytes) {
      throw new RepositoryError(
        'repository-unreadable',
        `The ignore rules in ${path} are larger than 16 MiB and cannot be applied.`,
      );
    }
    return await handle.readFile('utf8');
  } catch (error) {
    if (error instanceof RepositoryError) {
      throw error;
    }
    return null;
  } finally {
    await handle?.close();
  }
}

/** Where git keeps what all work trees share; a work tree's `.git` may be a file that points there. */
export async function commonDirectory(workTree: string): Promise<string | null> {
  const dotGit = join(workTree, '.git');
  try {
    if ((await stat(dotGit)).isDirectory()) {
      return dotGit;
    }
  } catch {
    return null;
  }
  const pointer = /^gitdir: (.*)$/m.exec((await readSettings(dotGit)) ?? '')?.[1];
  if (pointer === undefined) {
    return null;
  }
  const directory = resolve(workTree, pointer);
  const common = (await readSettings(join(directory, 'commondir')))?.trim();
  return common === undefined ? directory : resolve(directory, common);
}

/** The work tree around a folder, or null. */
async function findWorkTree(
  folder: string,
): Promise<{ readonly root: string; readonly common: string } | null> {
  let root = folder;
  for (;;) {
    const common = await commonDirectory(root);
    if (common !== null) {
      return { root, common };
    }
    const parent = dirname(root);
    if (parent === root) {
      return null;
    }
    root = parent;
  }
}

export interface RootRules {
  readonly rules: IgnoreRules;
  /** The root relative to the folder that paths are tested against; '' where they are the same. */
  readonly base: string;
}

/**
 * The rules that hold at a root, without its own ignore files: the defaults, and what the git work
 * tree around it says. A root that its work tree ignores was opened on purpose: then only the
 * defaults hold.
 */
export async function rulesAbove(root: string, defaults: readonly string[]): Promise<RootRules> {
  const alone = { rules: IgnoreRules.create(defaults), base: '' };
  const workTree = await findWorkTree(root);
  if (workTree === null) {
    return alone;
  }
  const base = relative(workTree.root, root).split(sep).join('/');
  let rules = IgnoreRules.create(defaults, base).extend(
    '',
    await readSettings(join(workTree.common, 'info', 'exclude')),
    null,
  );
  const segments = base === '' ? [] : base.split('/');
  for (let depth = 0; depth < segments.length; depth++) {
    const directory = segments.slice(0, depth).join('/');
    rules = rules.extend(
      directory,
      await readSettings(join(workTree.root, directory, '.gitignore')),
      null,
    );
    if (rules.ignores(`${segments.slice(0, depth + 1).join('/')}/`)) {
      return alone;
    }
  }
  return { rules, base };
}

/** Whether a folder's entries are those of git's own directory, whatever its name. */
export function isGitDirectory(
  entries: readonly { readonly name: string; isDirectory(): boolean }[],
): boolean {
  const has = (name: string, directory: boolean): boolean =>
    entries.some((entry) => entry.name === name && entry.isDirectory() === directory);
  return has('HEAD', false) && has('objects', true) && has('refs', true);
}

/** A repository inside the folder that is read: its common git directory. */
export type Nested = { readonly common: string } | 'linked-work-tree';

/**
 * The repository whose work tree a folder is, or null.
 * @param root a work tree of the same repository at or below this folder is read there already
 */
export async function nestedRepository(folder: string, root: string): Promise<Nested | null> {
  const common = await commonDirectory(folder);
  if (common === null || (await readSettings(join(common, 'HEAD'))) === null) {
    return null;
  }
  return common !== join(folder, '.git') && common === (await commonDirectory(root))
    ? 'linked-work-tree'
    : { common };
}
