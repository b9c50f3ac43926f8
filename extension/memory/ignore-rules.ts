import { type BytePath, foldCase } from './byte-path.ts';
import { isGlobSpecial, wildmatch } from './wildmatch.ts';

/** One line of an ignore file, taken apart as git does. */
interface Rule {
  readonly negative: boolean;
  readonly foldersOnly: boolean;
  /** Without a slash inside, it is tested against names, at any depth. */
  readonly anyDepth: boolean;
  readonly pattern: string;
  /** The part in front of the first special character; a quick test before the pattern itself. */
  readonly literal: string;
}

/** Removes spaces at the end, except those behind a backslash. */
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

function parseRule(line: string): Rule | null {
  if (line === '' || line.startsWith('#')) {
    return null;
  }
  let pattern = trimSpaces(line);
  const negative = pattern.startsWith('!');
  if (negative) {
    pattern = pattern.slice(1);
  }
  const foldersOnly = pattern.endsWith('/');
  if (foldersOnly) {
    pattern = pattern.slice(0, -1);
  }
  const anyDepth = !pattern.includes('/');
  if (pattern.startsWith('/')) {
    pattern = pattern.slice(1);
  }
  let literal = 0;
  while (literal < pattern.length && !isGlobSpecial(pattern.charAt(literal))) {
    literal++;
  }
  return { negative, foldersOnly, anyDepth, pattern, literal: pattern.slice(0, literal) };
}

/** @param text of the file, one character a byte */
function parseRules(text: string): Rule[] {
  return text
    .replace(/^\xEF\xBB\xBF/, '')
    .split('\n')
    .map((line) => parseRule(line.replace(/\r$/, '').replace(/\0[^]*$/, '')))
    .filter((rule) => rule !== null);
}

/** The rules of one file, and where it lies. */
interface RuleFile {
  /** '' or with a slash at its end */
  readonly folder: BytePath;
  readonly rules: readonly Rule[];
}

/**
 * Ignore files one above the other, as git reads them: the last line that matches decides, deeper
 * files before those above. Immutable: a folder with a file of its own gets an extended copy.
 */
export class IgnoreRules {
  readonly #above: IgnoreRules | null;
  readonly #file: RuleFile;
  readonly #ignoreCase: boolean;

  private constructor(above: IgnoreRules | null, file: RuleFile, ignoreCase: boolean) {
    this.#above = above;
    this.#file = file;
    this.#ignoreCase = ignoreCase;
  }

  /** @param ignoreCase as git's `core.ignoreCase`: letters of ASCII alone */
  static none(ignoreCase: boolean): IgnoreRules {
    return new IgnoreRules(null, { folder: '', rules: [] }, ignoreCase);
  }

  /**
   * @param folder of the file, '' or with a slash at its end, relative as all paths tested
   * @param text of the file, one character a byte; null where there is none
   */
  extend(folder: BytePath, text: string | null): IgnoreRules {
    const rules = text === null ? [] : parseRules(text);
    return rules.length === 0 ? this : new IgnoreRules(this, { folder, rules }, this.#ignoreCase);
  }

  /**
   * Whether a path is ignored; null where no rule speaks of it. Folders above are not looked at:
   * nothing below an ignored one is ever tested.
   * @param path of a file or folder, without a slash at its end
   */
  verdict(path: BytePath, isFolder: boolean): boolean | null {
    const key = this.#fold(path);
    const { rules } = this.#file;
    for (let index = rules.length - 1; index >= 0; index--) {
      const rule = rules[index];
      if (rule !== undefined && (isFolder || !rule.foldersOnly) && this.#matches(rule, path, key)) {
        return !rule.negative;
      }
    }
    return this.#above?.verdict(path, isFolder) ?? null;
  }

  #matches(rule: Rule, path: BytePath, key: BytePath): boolean {
    const folder = this.#file.folder;
    if (!key.startsWith(this.#fold(folder))) {
      return false;
    }
    const start = rule.anyDepth ? path.lastIndexOf('/') + 1 : folder.length;
    const name = path.slice(start);
    if (!key.slice(start).startsWith(this.#fold(rule.literal))) {
      return false;
    }
    if (rule.literal === rule.pattern) {
      return name.length === rule.pattern.length;
    }
    // As git, which leaves the literal part away even where a `**` behind it then begins the rest.
    const skip = rule.anyDepth ? 0 : rule.literal.length;
    return wildmatch(rule.pattern.slice(skip), name.slice(skip), {
      pathname: !rule.anyDepth,
      ignoreCase: this.#ignoreCase,
    });
  }

  #fold(path: BytePath): BytePath {
    return this.#ignoreCase ? foldCase(path) : path;
  }
}
