/** Selects files that are held out, so that their contents can be asked for. */
import path from 'node:path';
import { Random } from '../../generator/random.ts';
import { importsOf } from './imports.ts';
import type { Files } from './sources.ts';

/** The share of files that are held out; at least one file is. */
const share = 0.15;

/** The largest share of the text that they may have, if any file fits. */
const mostText = 0.2;

/** A file with fewer lines, not counting imports and re-exports, is too short to ask about. */
const leastLines = 15;

/** The files by role, each path in exactly one sorted list. */
export interface Division {
  /** Entry points of the package or of a program: always read. */
  readonly entries: readonly string[];
  readonly read: readonly string[];
  readonly heldOut: readonly string[];
}

/** Names that mark a file as the entry point of its folder or of a program. */
const entryName = /^(?:index|main|mod|cli|bin|__init__|__main__)$/u;

const passedOn = /^\s*(?:export\b.*\bfrom\b|import\b|from\b|\}\s*from\b|$)/u;

/**
 * Holds out 15 % of the files by seed, chosen from those that others import and that import others
 * of the repository, because the files read then say something about them. Entry points are never
 * held out: files with such a name or the package's, and files that no other file imports.
 * @param options `name`: that of the package
 * @throws Error if no file can be held out
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

/** The first ones that fit, or else the shortest. */
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

/** Matches `immer.ts` of immer, `Delta.ts` of quill-delta. */
function isNamedAs(file: string, name: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z\d]/gu, '');
  return [name, name.split(/[/-]/u).at(-1) ?? ''].some((one) => plain(one) === plain(file));
}
