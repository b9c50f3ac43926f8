import ignore, { type Ignore } from 'ignore';

/** Windows and macOS file systems fold case, and git's `core.ignorecase` is then set. */
const ignoreCase = process.platform === 'win32' || process.platform === 'darwin';

function createMatcher(): Ignore {
  return ignore({ ignorecase: ignoreCase });
}

/**
 * Rewrites one line of a directory's ignore file so that it means the same in the base directory's
 * file. One list of rebased lines, shallow files first, then has git's precedence: the last match
 * decides, and nothing below an excluded directory can be included again.
 * @param directory relative to the base, forward slashes, no slash at the end; '' is the base
 */
export function rebasePattern(line: string, directory: string): string | null {
  if (line === '' || line.startsWith('#')) {
    return null;
  }
  if (directory === '') {
    return line;
  }
  const negative = line.startsWith('!');
  let body = negative ? line.slice(1) : line;
  // In front, a backslash makes `#` and `!` literal; further in they are literal anyway.
  if (body.startsWith('\\#') || body.startsWith('\\!')) {
    body = body.slice(1);
  }
  if (/^ *$/.test(body)) {
    return null;
  }
  const anchored = /\/(?! *$)/.test(body);
  const prefix = `/${directory.replace(/[\\*?[\] ]/g, '\\$&')}/`;
  const rest = anchored ? body.replace(/^\//, '') : `**/${body}`;
  return `${negative ? '!' : ''}${prefix}${rest}`;
}

function rebase(text: string, directory: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => rebasePattern(line, directory))
    .filter((line) => line !== null);
}

/**
 * The ignore rules that hold in one directory. Immutable: a subdirectory with ignore files of its
 * own gets an extended copy. Precedence, lowest first: the defaults, `.git/info/exclude`,
 * `.gitignore` from the base down, `.lociignore` from the root down.
 */
export class IgnoreRules {
  readonly #git: Ignore;
  readonly #own: Ignore;
  readonly #all: Ignore;

  private constructor(git: Ignore, own: Ignore) {
    this.#git = git;
    this.#own = own;
    this.#all = createMatcher().add(git).add(own);
  }

  /** @param defaults lines in the syntax of `.gitignore`, of the lowest precedence */
  static create(defaults: readonly string[], directory = ''): IgnoreRules {
    return new IgnoreRules(
      createMatcher().add(rebase(defaults.join('\n'), directory)),
      createMatcher(),
    );
  }

  /**
   * @param directory where the files are, relative to the base
   * @param gitignore text of `.gitignore` (or of `info/exclude`), null where there is none
   * @param lociignore text of `.lociignore` likewise
   */
  extend(directory: string, gitignore: string | null, lociignore: string | null): IgnoreRules {
    if (gitignore === null && lociignore === null) {
      return this;
    }
    const git =
      gitignore === null
        ? this.#git
        : createMatcher().add(this.#git).add(rebase(gitignore, directory));
    const own =
      lociignore === null
        ? this.#own
        : createMatcher().add(this.#own).add(rebase(lociignore, directory));
    return new IgnoreRules(git, own);
  }

  /**
   * The rules at the top of a repository inside another: git's rules of the outer one end there,
   * `.lociignore` goes on.
   * @param exclude text of its `info/exclude`, null where there is none
   */
  nested(directory: string, defaults: readonly string[], exclude: string | null): IgnoreRules {
    const git = createMatcher().add(rebase(defaults.join('\n'), directory));
    return new IgnoreRules(git.add(rebase(exclude ?? '', directory)), this.#own);
  }

  /** @param path relative to the base, with a slash at the end for a directory */
  ignores(path: string): boolean {
    return this.#all.ignores(path);
  }
}
