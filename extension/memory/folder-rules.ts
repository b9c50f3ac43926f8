import type { BytePath } from './byte-path.ts';
import { IgnoreRules } from './ignore-rules.ts';
import { foldsCase, type Scope } from './repository-scope.ts';

/**
 * What is left out in one folder. The first that speaks decides: `.lociignore`; git, by its own
 * answer where there is one, by its rules and its index where not; the defaults.
 * All paths are relative to the root, without a slash at their end.
 */
export class FolderRules {
  readonly scope: Scope;
  /** Whether git's answer holds: not below a folder that `.lociignore` took back in. */
  readonly #asked: boolean;
  readonly #git: IgnoreRules;
  readonly #own: IgnoreRules;
  readonly #defaults: IgnoreRules;

  private constructor(
    scope: Scope,
    asked: boolean,
    git: IgnoreRules,
    own: IgnoreRules,
    defaults: IgnoreRules,
  ) {
    this.scope = scope;
    this.#asked = asked;
    this.#git = git;
    this.#own = own;
    this.#defaults = defaults;
  }

  /** @param defaults lines as of an ignore file in the root */
  static create(scope: Scope, defaults: readonly string[]): FolderRules {
    const none = IgnoreRules.none(foldsCase);
    return new FolderRules(scope, true, scope.rules, none, none.extend('', defaults.join('\n')));
  }

  /** The same in a folder with these ignore files. @param folder '' or with a slash at its end */
  extend(folder: BytePath, gitignore: string | null, lociignore: string | null): FolderRules {
    return new FolderRules(
      this.scope,
      this.#asked,
      this.#git.extend(this.#belowTop(folder), gitignore),
      this.#own.extend(folder, lociignore),
      this.#defaults,
    );
  }

  /** The same in a repository inside: git's rules begin anew, ours go on. */
  inside(scope: Scope): FolderRules {
    return new FolderRules(scope, true, scope.rules, this.#own, this.#defaults);
  }

  /** The rules for what is in a folder that is not left out. */
  entering(folder: BytePath): FolderRules {
    return this.#asked && this.scope.listed !== null && this.#isIgnoredByGit(folder, true) === true
      ? new FolderRules(this.scope, false, this.#git, this.#own, this.#defaults)
      : this;
  }

  ignores(path: BytePath, isFolder: boolean): boolean {
    return (
      this.#own.verdict(path, isFolder) ??
      this.#isIgnoredByGit(path, isFolder) ??
      this.#defaults.verdict(path, isFolder) ??
      false
    );
  }

  /** Whether git takes a folder for a repository of its own, tracked or not. */
  isNestedForGit(folder: BytePath): boolean {
    const { listed, start, tracked } = this.scope;
    const path = folder.slice(start.length);
    return (
      tracked.has(`${this.#belowTop(folder)}/`) ||
      (listed !== null &&
        !listed.hasBelow(`${path}/`) &&
        (listed.has(path) || listed.has(`${path}/`)))
    );
  }

  #isIgnoredByGit(path: BytePath, isFolder: boolean): boolean | null {
    const { listed, tracked, start } = this.scope;
    const inGit = this.#belowTop(path);
    const matched = this.#git.verdict(inGit, isFolder);
    if (listed !== null && this.#asked) {
      const name = path.slice(start.length);
      const isListed = isFolder
        ? listed.hasBelow(`${name}/`) || this.isNestedForGit(path)
        : listed.has(name);
      // What is tracked overrules a rule, and a rule the defaults. A folder with nothing listed
      // may be empty, or hold ignored files alone, which are then told one by one.
      return isListed ? (matched === null ? null : false) : isFolder ? matched : true;
    }
    const isTracked = isFolder
      ? tracked.hasBelow(`${inGit}/`) || tracked.has(`${inGit}/`)
      : tracked.has(inGit);
    return matched === true && isTracked ? false : matched;
  }

  #belowTop(path: BytePath): BytePath {
    const { belowTop, start } = this.scope;
    return belowTop + path.slice(start.length);
  }
}
