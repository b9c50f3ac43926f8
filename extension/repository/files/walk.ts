import { readdir, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { StatedEncoding } from '../../protocol/encodings.ts';
import type { SkipReason, SkippedFile } from '../../protocol/skipped-file.ts';
import type { StatedPatterns } from '../../protocol/stated-patterns.ts';
import { defaultMaxFileBytes } from './classify.ts';
import { defaultExcludes } from './default-excludes.ts';
import { isMissing } from '../disk/file-system-error.ts';
import { FolderRules } from '../git/folder-rules.ts';
import { inReadingOrder } from './order.ts';
import type { Listing, RepositoryFile } from './listing.ts';
import { RepositoryError } from '../disk/repository-error.ts';
import { openRootScope } from '../git/repository-scope.ts';
import { nameRoots } from './root-names.ts';
import { RootWalk } from './root-walk.ts';
import { statedRules } from './stated-rules.ts';
import { runTasks } from '../disk/task-pool.ts';

export interface WalkOptions {
  /** Larger files are skipped without reading. 256 KiB by default. */
  readonly maxFileBytes?: number;
  /** The encodings that the user states for files that are not UTF-8; guessed by default. */
  readonly encodings?: readonly StatedEncoding[];
  /** What the user leaves out; nothing by default. */
  readonly exclude?: StatedPatterns | undefined;
  /** What the user pinned; nothing by default. */
  readonly pin?: StatedPatterns | undefined;
  /** The number of concurrent file operations. 16 by default. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /** Called repeatedly with the number of files found so far. */
  readonly onProgress?: (files: number) => void;
}

const progressInterval = 256;

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
 * Lists the files to read in one or several folders. Whatever cannot be read below a root is a
 * skipped file.
 * @throws RepositoryError if a root is missing, is not a folder or cannot be read; the signal's
 * reason when aborted
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
  for (const { name, path, realPath: root } of named) {
    const prefix = name === '' ? '' : `${name}/`;
    const scope = await openRootScope(root, options.signal);
    const rules = scope === null ? null : FolderRules.create(scope, defaultExcludes);
    const maxFileBytes = options.maxFileBytes ?? defaultMaxFileBytes;
    const encodings = (options.encodings ?? []).filter(
      (stated) => stated.root === null || resolve(stated.root) === path,
    );
    const { signal } = options;
    const excluded = statedRules(options.exclude ?? [], path);
    const pinned = statedRules(options.pin ?? [], path);
    const walk = new RootWalk(root, {
      prefix,
      maxFileBytes,
      encodings,
      excluded,
      pinned,
      signal,
      onFile,
    });
    await runTasks([() => walk.list('', rules)], options.concurrency ?? 16, options.signal);
    files.push(...walk.files);
    skipped.push(...walk.skipped.sort((a, b) => (a.path < b.path ? -1 : 1)));
  }
  options.onProgress?.(files.length);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const listed = named.map(({ name, path }) => ({ name, path }));
  return { roots: listed, files: inReadingOrder(files, listed), skipped, bytes };
}

/** Describes files that were left out for a reason, after their number. */
const emptyReasons: Readonly<Record<SkipReason, string>> = {
  ignored: 'ignored by .gitignore, .lociignore or Loci itself',
  excluded: 'excluded by the setting loci.exclude',
  secret: 'may hold secrets',
  binary: 'not text',
  generated: 'generated',
  'too-large': 'too large',
  unreadable: 'not readable',
  disappeared: 'deleted before they were read',
};

/** Explains in one or two sentences why a listing has no files to read. */
export function describeEmptyListing(roots: readonly string[], listing: Listing): string {
  const where = roots.join(', ');
  if (listing.skipped.length === 0) {
    return `There is nothing to read in ${where}: the folder is empty.`;
  }
  const counts = new Map<SkipReason, number>();
  for (const { reason } of listing.skipped) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const reasons = [...counts].map(([reason, count]) => `${String(count)} ${emptyReasons[reason]}`);
  return `There is nothing to read in ${where}. All files and folders are skipped: ${reasons.join(', ')}.`;
}
