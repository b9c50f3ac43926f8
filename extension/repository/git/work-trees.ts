import { relative, sep } from 'node:path';
import { type BytePath, toBytePath } from '../disk/byte-path.ts';
import { linkedWorkTrees, readHead } from './git-directory.ts';
import type { Scope } from './repository-scope.ts';

/**
 * Chooses the linked work tree to read if the main one is not read: the one on the branch that HEAD
 * names, or else the first. Null if none lies in the root.
 */
async function chosenWorkTree(common: string, root: string): Promise<string | null> {
  const trees = await linkedWorkTrees(common);
  const inside = trees.filter(({ path }) => path.startsWith(root + sep));
  const head = await readHead(common);
  return (inside.find((tree) => tree.head === head) ?? inside[0])?.path ?? null;
}

/**
 * Whether a nested repository is another work tree of one that is read anyway. Of each repository,
 * one work tree is read: the main one if it lies in the root.
 * @param folder of the nested repository
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
 * @returns their paths relative to the root, ending with a slash
 */
export async function workTreesInside(root: string, folder: string): Promise<BytePath[]> {
  const own = `${root}${sep}${folder.split('/').join(sep)}`;
  const trees = await linkedWorkTrees(own);
  return trees
    .filter(({ path }) => path.startsWith(own.endsWith(sep) ? own : own + sep))
    .map(({ path }) => toBytePath(`${relative(root, path).split(sep).join('/')}/`));
}
