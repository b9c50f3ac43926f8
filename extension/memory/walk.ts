import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SkippedFile, SkipReason } from '../protocol/engine.ts';
import { classifyFile, defaultMaxFileBytes, failureReason } from './classify.ts';
import { defaultExcludes } from './default-excludes.ts';
import { isMissing } from './file-system-error.ts';
import { isGeneratedFile } from './generated-files.ts';
import { isGitDirectory, nestedRepository, readSettings, rulesAbove } from './git-directory.ts';
import type { IgnoreRules } from './ignore-rules.ts';
import { sortFiles } from './order.ts';
import type { NamedRoot } from './path-resolver.ts';
import { RepositoryError } from './repository-error.ts';
import { nameRoots } from './root-names.ts';
import { isSecretFile, isSecretFolder } from './secret-files.ts';
import { runTasks, type Task } from './task-pool.ts';

/** One file that will be read. */
export interface RepositoryFile {
  /**
   * Relative to its root, with forward slashes; unique in a listing. With several roots it starts
   * with the name of its root's folder.
   */
  readonly path: string;
  readonly absolutePath: string;
  /** Size when it was listed. */
  readonly bytes: number;
}

export interface Listing {
  /** Under the names that paths start with. */
  readonly roots: readonly NamedRoot[];
  /** In the order in which they are read: see `order.ts`. */
  readonly files: readonly RepositoryFile[];
  /** Every file that is left out, and each ignored folder as one entry that ends with `/`. */
  readonly skipped: readonly SkippedFile[];
  /** The sum of the files' sizes. */
  readonly bytes: number;
}

export interface WalkOptions {
  /** Larger files are skipped unread. 256 KiB by default. */
  readonly maxFileBytes?: number;
  /** File operations in flight. 16 by default. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /** Called now and then with the number of files found so far. */
  readonly onProgress?: (files: number) => void;
}

const progressInterval = 256;

/** The walk of one root. */
class RootWalk {
  readonly files: RepositoryFile[] = [];
  readonly skipped: SkippedFile[] = [];
  readonly #root: string;
  readonly #prefix: string;
  readonly #base: string;
  readonly #maxFileBytes: number;
  readonly #onFile: () => void;

  /**
   * @param prefix in front of every path that is reported: '' or the root's name and a slash
   * @param base the root relative to the folder that ignore rules are tested against
   */
  constructor(
    root: string,
    prefix: string,
    base: string,
    maxFileBytes: number,
    onFile: () => void,
  ) {
    this.#root = root;
    this.#prefix = prefix;
    this.#base = base === '' ? '' : `${base}/`;
    this.#maxFileBytes = maxFileBytes;
    this.#onFile = onFile;
  }

  /** @param directory relative to the root, '' or with a slash at its end */
  async list(directory: string, above: IgnoreRules): Promise<Task[]> {
    let entries: Dirent[];
    try {
      entries = await readdir(join(this.#root, directory), { withFileTypes: true });
    } catch (error) {
      this.#skip(directory, failureReason(error));
      return [];
    }
    const settings = async (name: string): Promise<string | null> =>
      entries.some((entry) => entry.name === name && entry.isFile())
        ? readSettings(join(this.#root, directory, name))
        : null;
    if (isGitDirectory(entries)) {
      this.#skip(directory, 'ignored');
      return [];
    }
    const here = `${this.#base}${directory}`.slice(0, -1);
    let outer = above;
    if (directory !== '' && entries.some((entry) => entry.name === '.git')) {
      const nested = await nestedRepository(join(this.#root, directory.slice(0, -1)), this.#root);
      if (nested === 'linked-work-tree') {
        this.#skip(directory, 'ignored');
        return [];
      }
      if (nested !== null) {
        const exclude = await readSettings(join(nested.common, 'info', 'exclude'));
        outer = above.nested(here, defaultExcludes, exclude);
      }
    }
    const rules = outer.extend(here, await settings('.gitignore'), await settings('.lociignore'));
    const tasks: Task[] = [];
    for (const entry of entries) {
      const task = this.#visit(`${directory}${entry.name}`, entry, rules);
      if (task !== null) {
        tasks.push(task);
      }
    }
    return tasks;
  }

  #visit(path: string, entry: Dirent, rules: IgnoreRules): Task | null {
    if (entry.name === '.git') {
      return null;
    }
    if (entry.isDirectory()) {
      const folder = `${path}/`;
      if (rules.ignores(`${this.#base}${folder}`)) {
        return this.#skip(folder, 'ignored');
      }
      if (isSecretFolder(entry.name)) {
        return this.#skip(folder, 'secret');
      }
      return () => this.list(folder, rules);
    }
    // A link within the repository leads to what is listed anyway, any other one out of it.
    if (entry.isSymbolicLink() || rules.ignores(`${this.#base}${path}`)) {
      return this.#skip(path, 'ignored');
    }
    if (!entry.isFile()) {
      return this.#skip(path, 'unreadable');
    }
    if (isSecretFile(path)) {
      return this.#skip(path, 'secret');
    }
    if (isGeneratedFile(entry.name)) {
      return this.#skip(path, 'generated');
    }
    return () => this.#inspect(path);
  }

  async #inspect(path: string): Promise<Task[]> {
    const absolutePath = join(this.#root, path);
    try {
      const { size } = await stat(absolutePath);
      const reason =
        size > this.#maxFileBytes
          ? 'too-large'
          : await classifyFile(absolutePath, this.#maxFileBytes);
      if (reason === null) {
        this.files.push({ path: `${this.#prefix}${path}`, absolutePath, bytes: size });
        this.#onFile();
      } else {
        this.#skip(path, reason);
      }
    } catch (error) {
      this.#skip(path, failureReason(error));
    }
    return [];
  }

  #skip(path: string, reason: SkipReason): null {
    this.skipped.push({ path: `${this.#prefix}${path}`, reason });
    return null;
  }
}

async function resolveRoot(root: string): Promise<string> {
  try {
    const path = await realpath(resolve(root));
    if (!(await stat(path)).isDirectory()) {
      throw new RepositoryError('repository-not-a-directory', `${root} is not a folder.`);
    }
    await readdir(path);
    return path;
  } catch (error) {
    if (error instanceof RepositoryError) {
      throw error;
    }
    throw isMissing(error)
      ? new RepositoryError('repository-not-found', `The folder ${root} does not exist.`)
      : new RepositoryError('repository-unreadable', `The folder ${root} cannot be read.`);
  }
}

/**
 * Lists what of one or several folders is to be read.
 * @throws RepositoryError where a root is missing, is no folder or cannot be read; the signal's
 * reason when aborted. Anything below a root that cannot be read is a skipped file.
 */
export async function walkRepository(
  roots: readonly string[],
  options: WalkOptions = {},
): Promise<Listing> {
  options.signal?.throwIfAborted();
  const named = nameRoots(roots, await Promise.all(roots.map(resolveRoot)));
  const files: RepositoryFile[] = [];
  const skipped: SkippedFile[] = [];
  let found = 0;
  const onFile = (): void => {
    found++;
    if (found % progressInterval === 0) {
      options.onProgress?.(found);
    }
  };
  for (const { name, realPath: root } of named) {
    const prefix = name === '' ? '' : `${name}/`;
    const { rules, base } = await rulesAbove(root, defaultExcludes);
    const maxFileBytes = options.maxFileBytes ?? defaultMaxFileBytes;
    const walk = new RootWalk(root, prefix, base, maxFileBytes, onFile);
    await runTasks([() => walk.list('', rules)], options.concurrency ?? 16, options.signal);
    files.push(...sortFiles(walk.files, prefix === '' ? 0 : 1));
    skipped.push(...walk.skipped.sort((a, b) => (a.path < b.path ? -1 : 1)));
  }
  options.onProgress?.(files.length);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { roots: named.map(({ name, path }) => ({ name, path })), files, skipped, bytes };
}

/** One sentence that says why nothing can be read, for a listing without files. */
export function describeEmptyListing(roots: readonly string[], listing: Listing): string {
  const where = roots.join(', ');
  if (listing.skipped.length === 0) {
    return `There is nothing to read in ${where}: the folder is empty.`;
  }
  const counts = new Map<SkipReason, number>();
  for (const { reason } of listing.skipped) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const reasons = [...counts].map(([reason, count]) => `${String(count)} ${reason}`).join(', ');
  return `There is nothing to read in ${where}: every file is left out (${reasons}).`;
}
