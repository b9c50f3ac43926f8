/** Makes questions of the loss task about a given repository. */
import { readText } from '../../../extension/repository/files/read.ts';
import type { Listing, RepositoryFile } from '../../../extension/repository/files/listing.ts';
import type { Continued } from '../generator/items.ts';
import { Random } from '../generator/random.ts';

/** The share of source files that are held out, and their maximum number. */
const share = 0.15;
const mostFiles = 40;

/** Characters of the held-out file before the scored text. */
const contextCharacters = 500;

const sourceFile = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|cs|cpp|cc|h|hpp|c|rb|php|swift|scala)$/;

/** Declarations whose name other files can use. */
const definition =
  /(?:^|\s)(?:function\*?|class|interface|type|enum|const|let|def|fn|func|struct|trait)\s+([A-Za-z_]\w{4,})/g;

const imports = /^\s*(?:import|from|export\s.*\sfrom|use|#include|.*\brequire\()\b.*$/;

/**
 * Holds some source files out of a listing and selects their lines with a name that the other files
 * define in exactly one place: its imports and calls. The rest of the line, from the name on, is
 * scored.
 * @throws Error if there are no such lines
 */
export async function holdOut(
  listing: Listing,
  options: { readonly seed: number; readonly questions: number; readonly signal: AbortSignal },
): Promise<{ listing: Listing; items: Continued[] }> {
  const { signal } = options;
  const random = new Random(options.seed);
  const sources = listing.files.filter(({ path }) => sourceFile.test(path));
  const count = Math.min(mostFiles, Math.max(1, Math.round(share * sources.length)));
  const heldOut = new Set(random.shuffle(sources).slice(0, count));
  const read = listing.files.filter((file) => !heldOut.has(file));
  const texts = read
    .filter(({ path }) => sourceFile.test(path))
    .map(async (file) => ({ path: file.path, text: await textOf(file, signal) }));
  const defined = definitionsOf(await Promise.all(texts));
  const items: Continued[] = [];
  for (const file of heldOut) items.push(...usesIn(file.path, await textOf(file, signal), defined));
  if (items.length === 0) {
    throw new Error(
      'No file of the repository names what another one defines; choose a larger repository of source code.',
    );
  }
  return {
    listing: { ...listing, files: read, bytes: read.reduce((sum, { bytes }) => sum + bytes, 0) },
    items: random.shuffle(items).slice(0, options.questions),
  };
}

/** Where a name is defined; lines count from 1. */
export interface Definition {
  readonly path: string;
  readonly line: number;
}

/** The names that all texts together define exactly once. */
export function definitionsOf(
  texts: Iterable<{ readonly path: string; readonly text: string }>,
): Map<string, Definition> {
  const found = new Map<string, Definition | null>();
  for (const { path, text } of texts) {
    for (const [index, code] of text.split('\n').entries()) {
      for (const [, name = ''] of code.matchAll(definition)) {
        found.set(name, found.has(name) ? null : { path, line: index + 1 });
      }
    }
  }
  const unique = [...found].flatMap(([name, place]): [string, Definition][] =>
    place === null ? [] : [[name, place]],
  );
  return new Map(unique);
}

/**
 * The first import and the first call of each name.
 * @param characters of the text before the scored part
 */
export function usesIn(
  path: string,
  text: string,
  defined: ReadonlyMap<string, Definition>,
  characters = contextCharacters,
): Continued[] {
  const items: Continued[] = [];
  const seen = new Set<string>();
  let before = '';
  for (const code of text.split('\n')) {
    const isImport = imports.test(code);
    for (const match of code.matchAll(/[A-Za-z_]\w{4,}/g)) {
      const [name] = match;
      const place = defined.get(name);
      const isCall = !isImport && code[match.index + name.length] === '(';
      const kind = isImport ? 'import' : 'call';
      if (place === undefined || (!isImport && !isCall) || seen.has(`${kind} ${name}`)) continue;
      seen.add(`${kind} ${name}`);
      // Leading blanks belong to the token of the following word.
      const cut = code.slice(0, match.index).trimEnd().length;
      const prefix = (before + code.slice(0, cut)).slice(-characters);
      if (prefix.trim() === '') break;
      const expected = `${code.slice(cut)}\n`;
      items.push({ task: 'loss', kind, heldOutPath: path, prefix, expected, ...place });
      break;
    }
    before += `${code}\n`;
  }
  return items;
}

async function textOf(file: RepositoryFile, signal: AbortSignal): Promise<string> {
  const read = await readText(file, { signal });
  return read.ok ? read.text : '';
}
