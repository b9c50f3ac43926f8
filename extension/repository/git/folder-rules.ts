import type { BytePath, PathSet } from '../disk/byte-path.ts';
import type { AttributeRules, AskedAttribute } from './attribute-rules.ts';
import { IgnoreRules } from './ignore-rules.ts';
import { foldsCase, type Scope } from './repository-scope.ts';

/**
 * What git says in a folder: all that it says; in one that it ignores and that is read for some
 * tracked files, these alone; below one that `.lociignore` took back in, its rules from there on.
 */
type Mode = 'all' | 'tracked' | 'rules';

/** The files of rules of one folder, one character a byte; null: there is none. */
export interface RuleFiles {
  readonly gitignore: string | null;
  readonly lociignore: string | null;
  readonly gitattributes: string | null;
}

/**
 * What is left out in one folder. The first that speaks decides: `.lociignore`; git, by its own
 * answer where there is one, by its rules and its index where not; the defaults. Beside it, what git's attributes say of files.
 * All paths are relative to the root, without a slash at their end.
 */
export class FolderRules {
  readonly scope: Scope;
  readonly #mode: Mode;
  readonly #git: IgnoreRules;
  readonly #own: IgnoreRules;
  readonly #defaults: IgnoreRules;
  readonly #attributes: AttributeRules;

  private constructor(
    scope: Scope,
    mode: Mode,
    git: IgnoreRules,
    own: IgnoreRules,
    defaults: IgnoreRules,
    attributes: AttributeRules,
  ) {
    this.scope = scope;
    this.#mode = mode;
    this.#git = git;
    this.#own = own;
    this.#defaults = defaults;
    this.#attributes = attributes;
  }

  /** @param defaults lines as of an ignore file in the root */
  static create(scope: Scope, defaults: readonly string[]): FolderRules {
    const none = IgnoreRules.none(foldsCase);
    const ours = none.extend('', defaults.join('\n'));
    return new FolderRules(scope, 'all', scope.rules, none, ours, scope.attributes);
  }

  /** The same in a folder with these files. @param folder '' or with a slash at its end */
  extend(folder: BytePath, files: RuleFiles): FolderRules {
    const below = this.#belowTop(folder);
    return new FolderRules(
      this.scope,
      this.#mode,
      this.#git.extend(below, files.gitignore),
      this.#own.extend(folder, files.lociignore),
      this.#defaults,
      this.#attributes.extend(below, files.gitattributes),
    );
  }

  /** The same in a repository inside: git's rules begin anew, ours go on. */
  inside(scope: Scope): FolderRules {
    return new FolderRules(scope, 'all', scope.rules, this.#own, this.#defaults, scope.attributes);
  }

  /** The rules for what is in a folder that is not left out. */
  entering(folder: BytePath): FolderRules {
    const ignored =
      this.#mode === 'tracked' || this.#git.verdict(this.#belowTop(folder), true) === true;
    const takenBack = this.#own.verdict(folder, true) === false;
    if (takenBack && (ignored || this.#isIgnoredByGit(folder, true) === true)) {
      return this.#in('rules');
    }
    return ignored && this.#mode === 'all' ? this.#in('tracked') : this;
  }

  ignores(path: BytePath, isFolder: boolean): boolean {
    return (
      this.#own.verdict(path, isFolder) ??
      this.#isIgnoredByGit(path, isFolder) ??
      this.#defaults.verdict(path, isFolder) ??
      false
    );
  }

  /** What git's attributes say of a file, see `AttributeRules.stateOf`. */
  stateOf(path: BytePath, attribute: AskedAttribute): ReturnType<AttributeRules['stateOf']> {
    return this.#attributes.stateOf(this.#belowTop(path), attribute);
  }

  /** Whether git takes a folder for a repository of its own, tracked or not. */
  isNestedForGit(folder: BytePath): boolean {
    const { paths, key } = this.#known(folder);
    return !paths.hasBelow(`${key}/`) && (paths.has(`${key}/`) || paths.has(key));
  }

  #isIgnoredByGit(path: BytePath, isFolder: boolean): boolean | null {
    const { paths, key } = this.#known(path);
    const matched = this.#git.verdict(this.#belowTop(path), isFolder);
    if (isFolder ? paths.hasBelow(`${key}/`) || this.isNestedForGit(path) : paths.has(key)) {
      // What is tracked overrules a rule, and a rule the defaults.
      return matched === null ? null : false;
    }
    if (this.#mode === 'tracked') {
      return true;
    }
    // A folder with nothing listed may be empty, or hold ignored files alone: each is then told.
    return this.scope.listed === null || this.#mode === 'rules' || isFolder ? matched : true;
  }

  /** What git lists, or else what it tracks, and a path as it stands there. */
  #known(path: BytePath): { readonly paths: PathSet; readonly key: BytePath } {
    const { listed, tracked, start } = this.scope;
    return listed === null
      ? { paths: tracked, key: this.#belowTop(path) }
      : { paths: listed, key: path.slice(start.length) };
  }

  #in(mode: Mode): FolderRules {
    return new FolderRules(
      this.scope,
      mode,
      this.#git,
      this.#own,
      this.#defaults,
      this.#attributes,
    );
  }

  #belowTop(path: BytePath): BytePath {
    const { belowTop, start } = this.scope;
    return belowTop + path.slice(start.length);
  }
}
