/** What is other on disk than in a memory, by content: a file that was only touched or moved is not read. */

import { isAbsolute, relative, sep } from 'node:path';
import { walkRepository } from '../../repository/files/walk.ts';
import type { Listing, RepositoryFile } from '../../repository/files/listing.ts';
import type { SkippedFile, SkipReason } from '../../protocol/skipped-file.ts';
import { readAhead } from '../memory/read-ahead.ts';
import { orderedFor } from './near-files.ts';
import type { Repository } from '../memory/repository.ts';
import type { Plan } from './opening.ts';

/** Files that say which files are read. */
const ruleFiles = /(?:^|\/)\.(?:gitignore|lociignore|gitattributes|gitmodules)$/u;

export interface Differences {
  /** The files as they are now. */
  readonly listing: Listing;
  /** Paths of what was read and is no longer there, old versions among them. */
  readonly forgotten: readonly string[];
  /** Content that was read, under another path. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  /** What was not read yet. */
  readonly read: readonly RepositoryFile[];
  /** Listed, and not to be read after all. */
  readonly unreadable: readonly SkippedFile[];
}

/** What is compared with a repository. */
export interface Comparison {
  readonly plan: Plan;
  /** Absolute; as in `FollowParameters`. */
  readonly paths: readonly string[] | null;
  /** Whether the files are listed anew, since others may be meant; only `paths` are looked into. */
  readonly listsAnew: boolean;
}

/**
 * Compares the files with what a repository has of them; nothing is changed.
 * @throws EngineError `cancelled`; RepositoryError where a folder is gone
 */
export async function findDifferences(
  repository: Repository,
  { plan, paths, listsAnew }: Comparison,
  signal: AbortSignal,
): Promise<Differences> {
  const few = paths === null ? null : listedFiles(repository, paths);
  if (few !== null && !listsAnew) return compare(repository, repository.listing, few, signal);
  const { encodings = [], exclude, pin } = plan.parameters;
  const listed = await walkRepository(plan.roots, { encodings, exclude, pin, signal });
  const listing = orderedFor(listed, plan.near);
  const named = few === null ? null : new Set(few.map(({ path }) => path));
  const looked = listing.files.filter(({ path }) => named === null || named.has(path));
  return compare(repository, listing, looked, signal);
}

/** What can be done of it without reading: what is not listed any more is forgotten. */
export function withoutReading({ index }: Repository, found: Differences): Differences {
  const listed = new Set(found.listing.files.map(({ path }) => path));
  const forgotten = index.files.map(({ path }) => path).filter((path) => !listed.has(path));
  return { ...found, forgotten, renamed: [], read: [] };
}

/** Whether something is held that the user leaves out by now. */
export function holdsExcluded({ index, listing }: Repository): boolean {
  const excluded = pathsLeftOut(listing, ['excluded']);
  return excluded.size > 0 && index.files.some(({ path }) => isLeftOut(excluded, path));
}

/**
 * The listed files at these paths; null where the listing may be another by now. What is ignored, and lies
 * in an ignored folder, is no matter: builds write there all the time.
 */
function listedFiles(
  { listing, fileOf }: Repository,
  paths: readonly string[],
): RepositoryFile[] | null {
  const ignored = pathsLeftOut(listing, ['ignored', 'excluded']);
  const found: RepositoryFile[] = [];
  for (const absolute of new Set(paths)) {
    const path = pathIn(listing, absolute);
    if (path !== null && isLeftOut(ignored, path)) continue;
    const file = path === null ? null : fileOf(path);
    if (file === null || ruleFiles.test(file.path)) return null;
    found.push(file);
  }
  return found;
}

/** The path of a file as a listing has it; null where it lies in no root. */
function pathIn({ roots }: Listing, absolute: string): string | null {
  for (const { name, path: root } of roots) {
    const inside = relative(root, absolute).split(sep);
    if (inside[0] === '..' || inside[0] === '' || isAbsolute(inside.join(sep))) continue;
    return (name === '' ? inside : [name, ...inside]).join('/');
  }
  return null;
}

/** Paths that are left out for one of these reasons; folders end with a slash. */
function pathsLeftOut({ skipped }: Listing, reasons: readonly SkipReason[]): Set<string> {
  return new Set(skipped.filter(({ reason }) => reasons.includes(reason)).map(({ path }) => path));
}

/** Whether a path is left out itself, or by a folder that it lies in. */
function isLeftOut(leftOut: ReadonlySet<string>, path: string): boolean {
  const segments = path.split('/');
  return (
    leftOut.has(path) ||
    segments.some((_, count) => leftOut.has(`${segments.slice(0, count + 1).join('/')}/`))
  );
}

/** @param files those of the listing that are looked at */
async function compare(
  { index, pins }: Repository,
  listing: Listing,
  files: readonly RepositoryFile[],
  signal: AbortSignal,
): Promise<Differences> {
  const looked = new Set(files.map(({ path }) => path));
  const listed = new Set(listing.files.map(({ path }) => path));
  const old = new Map<string, string[]>();
  const gone = new Set<string>();
  const leave = (path: string): void => {
    const hash = index.fileOf(path)?.hash;
    if (hash === undefined) return;
    gone.add(path);
    old.set(hash, [...(old.get(hash) ?? []), path]);
  };
  for (const { path } of index.files) if (!listed.has(path)) leave(path);
  // Of what was pinned after it was read, what had gone by then is read again.
  const lost = new Set(pins.lost);
  const again: RepositoryFile[] = [];
  const fresh: { readonly file: RepositoryFile; readonly hash: string }[] = [];
  const unreadable: SkippedFile[] = [];
  for await (const read of readAhead(files, signal)) {
    const { path } = read.file;
    if ('skipped' in read) {
      unreadable.push(read.skipped);
      leave(path);
    } else if (index.fileOf(path)?.hash !== read.hash) {
      leave(path);
      fresh.push({ file: read.file, hash: read.hash });
    } else if (lost.has(path)) {
      gone.add(path);
      again.push(read.file);
    }
  }
  // Of the listing, what was not looked at and not read is still to be read.
  for (const file of listing.files) {
    if (looked.has(file.path)) continue;
    if (index.fileOf(file.path) !== null) {
      if (!lost.has(file.path)) continue;
      gone.add(file.path);
      again.push(file);
      continue;
    }
    for await (const read of readAhead([file], signal)) {
      if (!('skipped' in read)) fresh.push({ file, hash: read.hash });
    }
  }
  const renamed: { from: string; to: string }[] = [];
  const read = again;
  for (const { file, hash } of fresh) {
    const from = old.get(hash)?.pop();
    if (from === undefined) read.push(file);
    else {
      renamed.push({ from, to: file.path });
      gone.delete(from);
    }
  }
  return { listing: without(listing, unreadable), forgotten: [...gone], renamed, read, unreadable };
}

/** A listing without files that turned out not to be read. */
function without(listing: Listing, unreadable: readonly SkippedFile[]): Listing {
  if (unreadable.length === 0) return listing;
  const left = new Set(unreadable.map(({ path }) => path));
  const files = listing.files.filter(({ path }) => !left.has(path));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { ...listing, files, skipped: [...listing.skipped, ...unreadable], bytes };
}
