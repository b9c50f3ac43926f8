import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { IgnoreRules } from './ignore-rules.ts';

/** The text of a small file of settings, null where it cannot be read. */
export async function readSettings(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    return size > 1 << 20 ? null : await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

/** Where git keeps what all work trees share; a work tree's `.git` may be a file that points there. */
async function commonDirectory(workTree: string): Promise<string | null> {
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
