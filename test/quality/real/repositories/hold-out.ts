/** Which files of a repository are not read, so that it can be asked for what they would say. */
import path from 'node:path';
import { Random } from '../../generator/random.ts';
import { importsOf } from './imports.ts';
import type { Files } from './sources.ts';

/** The share of files that are held out; at least one is, however few there are. */
const share = 0.15;

/** They are at most this share of the text, where that leaves any. */
const mostText = 0.2;

/** A file with fewer lines of its own, imports and exports of others aside, says too little. */
const leastLines = 15;

/** Files by path, each in one list, sorted. */
export interface Division {
  /** What a user of the package, or a program, begins with: always read. */
  readonly entries: readonly string[];
  readonly read: readonly string[];
  readonly heldOut: readonly string[];
}

/** Names that make a file the beginning of its folder or of a program. */
const entryName = /^(?:index|main|mod|cli|bin|__init__|__main__)$/u;

const passedOn = /^\s*(?:export\b.*\bfrom\b|import\b|from\b|\}\s*from\b|$)/u;

/**
 * Holds out some files by seed: 15 % of them, of those that others import and that import others of
 * the repository, so that there is something to know of them. Entry points are never held out: files
 * named so, or as the package, and files that no other file imports.
 * @param options `name`: that of the package
 * @throws Error where no file can be held out
 */
export function divide(
  files: Files,
  options: { readonly seed: number; readonly name: string },
): Division {
  const imports = importsOf(files);
  const imported = new Set([...imports.values()].flatMap((others) => [...others]));
  const paths = [...files.keys()].sort();
  const textOf = (file: string): string => files.get(file) ?? '';
  const entries = new Set(
    paths.filter((file) => {
      const { name } = path.posix.parse(file);
      return entryName.test(name) || isNamedAs(name, options.name) || !imported.has(file);
    }),
  );
  const candidates = paths.filter((file) => {
    const own = textOf(file)
      .split('\n')
      .filter((line) => !passedOn.test(line));
    return !entries.has(file) && own.length >= leastLines && imports.get(file)?.size !== 0;
  });
  const chosen = choose(new Random(options.seed).shuffle(candidates), paths, textOf);
  return {
    entries: [...entries],
    read: paths.filter((file) => !chosen.has(file) && !entries.has(file)),
    heldOut: paths.filter((file) => chosen.has(file)),
  };
}

/** The first that fit; where none does, the shortest. */
function choose(
  candidates: readonly string[],
  paths: readonly string[],
  textOf: (file: string) => string,
): Set<string> {
  const [first, ...rest] = candidates;
  if (first === undefined) {
    throw new Error('No file can be held out: none of them imports another and is imported.');
  }
  const count = Math.max(1, Math.round(share * paths.length));
  const length = (file: string): number => textOf(file).length;
  let room = mostText * paths.reduce((sum, file) => sum + length(file), 0);
  const chosen = new Set<string>();
  for (const file of candidates) {
    if (chosen.size === count || length(file) > room) continue;
    chosen.add(file);
    room -= length(file);
  }
  if (chosen.size > 0) return chosen;
  return new Set([
    rest.reduce((least, file) => (length(file) < length(least) ? file : least), first),
  ]);
}

/** `immer.ts` of immer, `Delta.ts` of quill-delta. */
function isNamedAs(file: string, name: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z\d]/gu, '');
  return [name, name.split(/[/-]/u).at(-1) ?? ''].some((one) => plain(one) === plain(file));
}
