import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { StatedEncoding } from '../../protocol/encodings.ts';
import type { SkipReason, SkippedFile } from '../../protocol/skipped-file.ts';
import { type BytePath, bytesOf, displayPath, toText } from '../disk/byte-path.ts';
import { classifyFile, failureReason } from './classify.ts';
import { type FileStatements, statementsOf } from './file-statements.ts';
import type { FolderRules } from '../git/folder-rules.ts';
import type { IgnoreRules } from '../git/ignore-rules.ts';
import { isGeneratedFile } from './generated-files.ts';
import { isGitDirectory } from '../git/git-directory.ts';
import { brokenNestedScope, openNestedScope } from '../git/repository-scope.ts';
import { isSecretFile, isSecretFolder } from './secret-files.ts';
import { readRuleFile } from '../disk/settings-file.ts';
import {
  asCause,
  excludedByUser,
  namedGenerated,
  namedSecret,
  type SkipCause,
  statedGenerated,
  tooLarge,
} from './skip-cause.ts';
import { isStated } from './stated-rules.ts';
import type { Task } from '../disk/task-pool.ts';
import type { RepositoryFile } from './listing.ts';
import { isSecondWorkTree, workTreesInside } from '../git/work-trees.ts';

type Entry = Dirent<Buffer>;

function has(entries: readonly Entry[], name: string): boolean {
  return entries.some((entry) => entry.name.toString('latin1') === name);
}

export interface RootWalkOptions {
  /** Precedes every reported path: '' or the root's name and a slash. */
  readonly prefix: string;
  readonly maxFileBytes: number;
  /** Encodings that the user states for files of this root. */
  readonly encodings: readonly StatedEncoding[];
  /** What the user leaves out of this root. */
  readonly excluded: IgnoreRules;
  /** What the user pinned in it. */
  readonly pinned: IgnoreRules;
  readonly signal: AbortSignal | undefined;
  readonly onFile: () => void;
}

/** Walks one root. Paths are relative to it, and folders end with a slash. */
export class RootWalk {
  readonly files: RepositoryFile[] = [];
  readonly skipped: SkippedFile[] = [];
  readonly #root: string;
  readonly #options: RootWalkOptions;

  /** @param root an absolute path without symbolic links */
  constructor(root: string, options: RootWalkOptions) {
    this.#root = root;
    this.#options = options;
  }

  /** @param above the rules of the parent folder; null for a root within git's own files */
  async list(folder: BytePath, above: FolderRules | null): Promise<Task[]> {
    let entries: Entry[];
    try {
      entries = await readdir(this.#absolute(folder), { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      this.#skip(folder, failureReason(error));
      return [];
    }
    if (above === null || (await this.#holdsGitFiles(folder, entries))) {
      return this.#leaveGitFiles(folder, above);
    }
    const around = await this.#enter(folder, entries, above);
    if (around === null) {
      this.#skip(folder, 'ignored');
      return [];
    }
    const settings = async (name: string): Promise<string | null> =>
      has(entries, name)
        ? readRuleFile(this.#absolute(folder + name), { followLinks: false })
        : null;
    const rules = around.extend(folder, {
      gitignore: await settings('.gitignore'),
      lociignore: await settings('.lociignore'),
      gitattributes: await settings('.gitattributes'),
    });
    return entries
      .map((entry) => this.#visit(folder + entry.name.toString('latin1'), entry, rules))
      .filter((task) => task !== null);
  }

  /**
   * The rules within a folder; null if it is another work tree of a repository that is read anyway.
   */
  async #enter(
    folder: BytePath,
    entries: readonly Entry[],
    above: FolderRules,
  ): Promise<FolderRules | null> {
    const name = folder.slice(0, -1);
    const path = toText(name);
    if (folder === '' || folder === above.scope.start || path === null) {
      return above;
    }
    const absolute = join(this.#root, path);
    const nested = has(entries, '.git')
      ? await openNestedScope(absolute, folder, this.#options.signal)
      : null;
    if (nested !== null) {
      return (await isSecondWorkTree(absolute, nested, above.scope, this.#root))
        ? null
        : above.inside(nested);
    }
    return above.isNestedForGit(name)
      ? above.inside(brokenNestedScope(folder))
      : above.entering(name);
  }

  async #holdsGitFiles(folder: BytePath, entries: readonly Entry[]): Promise<boolean> {
    const path = toText(folder);
    return (
      ['HEAD', 'objects', 'refs'].every((name) => has(entries, name)) &&
      (path === null || isGitDirectory(join(this.#root, path)))
    );
  }

  /** Skips git's own files, but lists work trees between them. */
  async #leaveGitFiles(folder: BytePath, above: FolderRules | null): Promise<Task[]> {
    this.#skip(folder, 'ignored');
    const path = toText(folder);
    const inside = above === null || path === null ? [] : await workTreesInside(this.#root, path);
    return inside.map((tree) => () => this.list(tree, above));
  }

  #visit(path: BytePath, entry: Entry, rules: FolderRules): Task | null {
    const bytes = entry.name.toString('latin1');
    const name = toText(bytes) ?? bytes;
    if (name.toLowerCase() === '.git') {
      return null;
    }
    if (this.#options.excluded.verdict(path, entry.isDirectory()) === true) {
      return this.#skip(entry.isDirectory() ? `${path}/` : path, excludedByUser);
    }
    if (entry.isDirectory()) {
      const folder = `${path}/`;
      if (rules.ignores(path, true)) {
        return this.#skip(folder, 'ignored');
      }
      if (isSecretFolder(name)) {
        return this.#skip(folder, 'secret');
      }
      return () => this.list(folder, rules);
    }
    // A link within the repository leads to files listed anyway; any other leads outside.
    if (entry.isSymbolicLink()) {
      return this.#skip(path, 'ignored');
    }
    if (!entry.isFile()) {
      return this.#skip(path, 'unreadable');
    }
    if (rules.ignores(path, false)) {
      return this.#skip(path, 'ignored');
    }
    if (isSecretFile(toText(path) ?? name)) {
      return this.#skip(path, namedSecret);
    }
    const stated = statementsOf(name, this.#options.encodings, (attribute) =>
      rules.stateOf(path, attribute),
    );
    if (stated.generated === true) {
      return this.#skip(path, statedGenerated);
    }
    if (stated.generated === null && isGeneratedFile(name)) {
      return this.#skip(path, namedGenerated);
    }
    return () => this.#inspect(path, stated);
  }

  async #inspect(bytePath: BytePath, stated: FileStatements): Promise<Task[]> {
    const path = toText(bytePath);
    if (path === null) {
      // Such a file cannot be named in an answer or opened from one.
      this.#skip(bytePath, 'unreadable');
      return [];
    }
    const { prefix, maxFileBytes, onFile } = this.#options;
    const absolutePath = join(this.#root, path);
    try {
      const { size } = await stat(absolutePath);
      const reason =
        size > maxFileBytes
          ? tooLarge(maxFileBytes)
          : await classifyFile(absolutePath, maxFileBytes, stated);
      if (reason === null) {
        const file = { path: `${prefix}${path}`, absolutePath, bytes: size };
        const says = stated.encoding !== null || stated.generated !== null;
        this.files.push({
          ...file,
          ...(says ? { stated } : {}),
          ...(isStated(this.#options.pinned, bytePath) ? { pinned: true } : {}),
        });
        onFile();
      } else {
        this.#skip(bytePath, reason);
      }
    } catch (error) {
      this.#skip(bytePath, failureReason(error));
    }
    return [];
  }

  /** As text if possible, because fewer systems accept paths as bytes. */
  #absolute(path: BytePath): string | Buffer {
    const text = toText(path);
    return text === null
      ? Buffer.concat([Buffer.from(this.#root + sep), bytesOf(path)])
      : join(this.#root, text);
  }

  #skip(path: BytePath, cause: SkipReason | SkipCause): null {
    const shown = path === '' ? './' : displayPath(path);
    this.skipped.push({ path: `${this.#options.prefix}${shown}`, ...asCause(cause) });
    return null;
  }
}
