/**
 * Rewrites a repository in other words: names, strings and numbers change by a seeded map,
 * consistently in the whole repository, and its structure stays. No model then knows it from its
 * training.
 */
import { Random } from '../../generator/random.ts';
import type { Files } from '../repositories/sources.ts';
import { readJavaScript } from './javascript.ts';
import { Numbers } from './numbers.ts';
import { isOwnModule, isOwnSpecifier, pathSegments, replacePath } from './paths.ts';
import type { Piece, Reading } from './pieces.ts';
import { readPython } from './python.ts';
import { javaScriptNames, pythonNames } from './standard-names.ts';
import { drawWords, functionWords, replaceWords, wordsOf } from './words.ts';

export interface Renamed {
  readonly files: Files;
  /** The new path of each old path. */
  readonly paths: ReadonlyMap<string, string>;
  /** Names that stay: those of the language, its library and other packages, and function words. */
  readonly kept: ReadonlySet<string>;
  /** The replacement of each word, in lower case. */
  readonly words: ReadonlyMap<string, string>;
  /** Replaces the words in a name or any text. */
  readonly rename: (name: string) => string;
}

/** Parts of a string: escapes and letter ranges, which stay; names; digits. */
const inText =
  /\\(?:u\{[\dA-Fa-f]+\}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|x[\dA-Fa-f]{2}|[0-7]{1,3}|N\{[^}]*\}|[\s\S])|(?:[A-Za-z]-[A-Za-z])+(?![A-Za-z])|[A-Za-z_]\w*|\d+/gu;

/**
 * Parts of a regular expression: escapes, classes, group openings; words of three or more letters.
 */
const inPattern = /\\(?:[pk][{<][^}>]*[}>]|[\s\S])|\[(?:\\.|[^\]\\])*\]|[A-Za-z_]{3,}/gu;

/**
 * Renames a repository of JavaScript, TypeScript or Python.
 * @param options `name`: that of the package, which is renamed everywhere
 */
export function renameRepository(
  files: Files,
  options: { readonly seed: number; readonly name: string },
): Renamed {
  const isPython = [...files.keys()].every((path) => path.endsWith('.py'));
  const readings = new Map<string, Reading>();
  for (const [path, text] of files) {
    const reading = isPython
      ? readPython(text, (module) => isOwnModule(module, files))
      : readJavaScript(path, text, (specifier) => isOwnSpecifier(specifier, options.name));
    readings.set(path, reading);
  }
  const kept = keptNames([...readings.values()], files, isPython);
  const vocabulary = vocabularyOf(files, readings, kept, options.name);
  // `promise` would become `Promise` at the start of a name.
  const taken = new Set([...kept].map((name) => name.toLowerCase()));
  const isFree = (word: string): boolean => !vocabulary.has(word) && !taken.has(word);
  const words = drawWords(vocabulary, isFree, new Random(options.seed));
  const renamer = new Renamer(kept, words, new Numbers(options.seed));
  const paths = new Map<string, string>();
  const renamed = new Map<string, string>();
  for (const [path, text] of files) {
    const other = replacePath(path, words, isPython ? kept : new Set());
    paths.set(path, other);
    renamed.set(other, renamer.text(text, readings.get(path)?.pieces ?? []));
  }
  return { files: renamed, paths, kept, words, rename: (name) => replaceWords(name, words) };
}

function keptNames(readings: readonly Reading[], files: Files, isPython: boolean): Set<string> {
  const { always, unlessDeclared } = isPython ? pythonNames() : javaScriptNames();
  const kept = new Set([...always, ...functionWords]);
  const declared = new Set(readings.flatMap((reading) => [...reading.declared]));
  // In Python, code uses file names as names.
  if (isPython)
    for (const path of files.keys()) pathSegments(path).forEach((part) => declared.add(part));
  for (const name of unlessDeclared) if (!declared.has(name)) kept.add(name);
  for (const { external } of readings) for (const name of external) kept.add(name);
  return kept;
}

/**
 * The words that change: those of names, strings and paths, and any that contain the package's
 * name.
 */
function vocabularyOf(
  files: Files,
  readings: ReadonlyMap<string, Reading>,
  kept: ReadonlySet<string>,
  name: string,
): Set<string> {
  const found = new Set(wordsOf(name));
  const ofName = [...found].filter((word) => word.length > 3);
  for (const [path, text] of files) {
    for (const segment of pathSegments(path)) for (const word of wordsOf(segment)) found.add(word);
    for (const { kind, from, to } of readings.get(path)?.pieces ?? []) {
      const piece = text.slice(from, to);
      if (kind === 'number' || kind === 'pattern') continue;
      for (const [token] of piece.matchAll(inText)) {
        if (isFixed(token) || kept.has(token) || isDunder(token)) continue;
        for (const word of wordsOf(token)) {
          // Names may begin with function words: `isOpen`.
          const changes = kind === 'name' || (kind === 'text' && !functionWords.has(word));
          if (changes || ofName.some((one) => word.includes(one))) found.add(word);
        }
      }
    }
  }
  return found;
}

/** Whether a token is an escape or a letter range. */
function isFixed(token: string): boolean {
  return token.startsWith('\\') || token.charAt(1) === '-';
}

/** Whether Python gives the name a special meaning. */
function isDunder(name: string): boolean {
  return /^__\w+__$/u.test(name);
}

class Renamer {
  readonly #kept: ReadonlySet<string>;
  readonly #words: ReadonlyMap<string, string>;
  readonly #numbers: Numbers;

  constructor(kept: ReadonlySet<string>, words: ReadonlyMap<string, string>, numbers: Numbers) {
    this.#kept = kept;
    this.#words = words;
    this.#numbers = numbers;
  }

  text(text: string, pieces: readonly Piece[]): string {
    let result = '';
    let at = 0;
    for (const piece of pieces) {
      result += text.slice(at, piece.from) + this.#piece(piece, text.slice(piece.from, piece.to));
      at = piece.to;
    }
    return result + text.slice(at);
  }

  #piece({ kind }: Piece, text: string): string {
    switch (kind) {
      case 'name':
        return this.#name(text);
      case 'number':
        return this.#numbers.literal(text);
      case 'path':
        return replacePath(text, this.#words, new Set());
      case 'pattern':
        return this.#pattern(text);
      case 'text':
      case 'prose':
        return text.replaceAll(inText, (token) => {
          if (isFixed(token)) return token;
          return /^\d/u.test(token) ? this.#numbers.digits(token) : this.#name(token);
        });
    }
  }

  /** Renames the words before the last slash; flags follow it. */
  #pattern(text: string): string {
    const end = text.lastIndexOf('/');
    const body = text.slice(0, end).replaceAll(inPattern, (token) => {
      return /^[\\[]/u.test(token) ? token : this.#name(token);
    });
    return body + text.slice(end);
  }

  #name(name: string): string {
    return this.#kept.has(name) || isDunder(name) ? name : replaceWords(name, this.#words);
  }
}
