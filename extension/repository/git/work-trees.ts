import { relative, sep } from 'node:path';
import { type BytePath, toBytePath } from '../disk/byte-path.ts';
import { linkedWorkTrees, readHead } from './git-directory.ts';
import type { Scope } from './repository-scope.ts';

/**
 * Which linked work tree of a repository is read where its main one is not: that of the branch
 * that HEAD names, or else the first. Null where none lies in the root.
 */
async function chosenWorkTree(common: string, root: string): Promise<string | null> {
  const trees = await linkedWorkTrees(common);
  const inside = trees.filter(({ path }) => path.startsWith(root + sep));
  const head = await readHead(common);
  return (inside.find((tree) => tree.head === head) ?? inside[0])?.path ?? null;
}

/**
 * Whether a repository inside is a further work tree of one that is read anyway: of each
 * repository, one work tree is read, the main one where it lies in the root.
 * @param folder of the repository inside
 */
export async function isSecondWorkTree(
  folder: string,
  nested: Scope,
  around: Scope,
  root: string,
): Promise<boolean> {
  if (nested.git === null) {
    return false;
  }
  const { common, linked } = nested.git;
  if (common === around.git?.common && !around.bare) {
    return true;
  }
  if (!linked) {
    return false;
  }
  if (nested.mainTree !== null && `${nested.mainTree}${sep}`.startsWith(root + sep)) {
    return true;
  }
  const chosen = await chosenWorkTree(common, root);
  return chosen !== null && chosen !== folder;
}

/**
 * The work trees that lie in a folder of git's own files, such as `project.git/main`.
 * @returns their paths relative to the root, with a slash at their end
 */
export async function workTreesInside(root: string, folder: string): Promise<BytePath[]> {
  const own = `${root}${sep}${folder.split('/').join(sep)}`;
  const trees = await linkedWorkTrees(own);
  return trees
    .filter(({ path }) => path.startsWith(own.endsWith(sep) ? own : own + sep))
    .map(({ path }) => toBytePath(`${relative(root, path).split(sep).join('/')}/`));
}
