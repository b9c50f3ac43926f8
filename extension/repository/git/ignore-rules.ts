import { type BytePath, foldCase } from '../disk/byte-path.ts';
import { matchesPattern, parsePattern, type PathPattern } from './path-pattern.ts';

/** Removes trailing spaces, except escaped ones. */
function trimSpaces(line: string): string {
  let end = 0;
  for (let index = 0; index < line.length; index++) {
    if (line.charAt(index) === '\\') {
      index++;
      end = Math.min(index + 1, line.length);
    } else if (line.charAt(index) !== ' ') {
      end = index + 1;
    }
  }
  return line.slice(0, end);
}

function parseRule(line: string): PathPattern | null {
  return line === '' || line.startsWith('#') ? null : parsePattern(trimSpaces(line));
}

/** @param text of the file, one character per byte */
function parseRules(text: string): PathPattern[] {
  return text
    .replace(/^\xEF\xBB\xBF/, '')
    .split('\n')
    .map((line) => parseRule(line.replace(/\r$/, '').replace(/\0[^]*$/, '')))
    .filter((rule) => rule !== null);
}

/** The rules of one file, and the folder it is in. */
class RuleFile {
  /** '' or ending with a slash. */
  readonly folder: BytePath;
  readonly #rules: readonly PathPattern[];
  readonly #ignoreCase: boolean;
  /** The indices of the rules with special characters, in order. */
  readonly #globs: number[] = [];
  /** The last index of each literal rule: by name if it holds at any depth, otherwise by path. */
  readonly #literals = new Map<string, number>();

  constructor(folder: BytePath, rules: readonly PathPattern[], ignoreCase: boolean) {
    this.folder = ignoreCase ? foldCase(folder) : folder;
    this.#rules = rules;
    this.#ignoreCase = ignoreCase;
    for (const [place, rule] of rules.entries()) {
      if (rule.literal === rule.pattern) {
        this.#literals.set(this.#key(rule.anyDepth, rule.foldersOnly, rule.pattern), place);
      } else {
        this.#globs.push(place);
      }
    }
  }

  verdict(path: BytePath, isFolder: boolean): boolean | null {
    if (!this.#fold(path.slice(0, this.folder.length)).startsWith(this.folder)) {
      return null;
    }
    const below = path.slice(this.folder.length);
    const name = below.slice(below.lastIndexOf('/') + 1);
    let last = -1;
    for (const foldersOnly of isFolder ? [true, false] : [false]) {
      for (const anyDepth of [true, false]) {
        const key = this.#key(anyDepth, foldersOnly, anyDepth ? name : below);
        last = Math.max(last, this.#literals.get(key) ?? -1);
      }
    }
    for (let index = this.#globs.length - 1; index >= 0; index--) {
      const place = this.#globs[index] ?? -1;
      const rule = this.#rules[place];
      if (place < last || rule === undefined) {
        break;
      }
      if ((isFolder || !rule.foldersOnly) && matchesPattern(rule, below, this.#ignoreCase)) {
        last = place;
        break;
      }
    }
    const decisive = this.#rules[last];
    return decisive === undefined ? null : !decisive.negative;
  }

  #key(anyDepth: boolean, foldersOnly: boolean, text: string): string {
    return `${anyDepth ? 'n' : 'p'}${foldersOnly ? '/' : ' '}${this.#fold(text)}`;
  }

  #fold(text: string): string {
    return this.#ignoreCase ? foldCase(text) : text;
  }
}

/**
 * A stack of ignore files with git's precedence: the last matching line decides, and deeper files
 * override those above. Immutable: a folder with a file of its own gets an extended copy.
 */
export class IgnoreRules {
  readonly #above: IgnoreRules | null;
  readonly #file: RuleFile | null;
  readonly #ignoreCase: boolean;

  private constructor(above: IgnoreRules | null, file: RuleFile | null, ignoreCase: boolean) {
    this.#above = above;
    this.#file = file;
    this.#ignoreCase = ignoreCase;
  }

  /** @param ignoreCase like git's `core.ignoreCase`: ASCII letters only */
  static none(ignoreCase: boolean): IgnoreRules {
    return new IgnoreRules(null, null, ignoreCase);
  }

  /**
   * @param folder of the file, '' or ending with a slash, relative to the same folder as all tested
   * paths
   * @param text of the file, one character per byte; null if there is none
   */
  extend(folder: BytePath, text: string | null): IgnoreRules {
    const rules = text === null ? [] : parseRules(text);
    return rules.length === 0
      ? this
      : new IgnoreRules(this, new RuleFile(folder, rules, this.#ignoreCase), this.#ignoreCase);
  }

  /**
   * Whether a path is ignored; null if no rule matches. Does not test the folders above: nothing
   * below an ignored folder is ever tested.
   * @param path of a file or folder, without a trailing slash
   */
  verdict(path: BytePath, isFolder: boolean): boolean | null {
    return this.#file?.verdict(path, isFolder) ?? this.#above?.verdict(path, isFolder) ?? null;
  }
}
