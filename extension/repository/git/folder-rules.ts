import type { BytePath, PathSet } from '../disk/byte-path.ts';
import type { AttributeRules, AskedAttribute } from './attribute-rules.ts';
import { IgnoreRules } from './ignore-rules.ts';
import { foldsCase, type Scope } from './repository-scope.ts';

/**
 * Which of git's answers count in a folder: `all`; only those about `tracked` files, in an ignored
 * folder that is read for some tracked files; or only the `rules` from here on, below a folder that
 * `.lociignore` took back in.
 */
type Mode = 'all' | 'tracked' | 'rules';

/** The rule files of one folder, one character per byte; null if there is none. */
export interface RuleFiles {
  readonly gitignore: string | null;
  readonly lociignore: string | null;
  readonly gitattributes: string | null;
}

/**
 * Decides what is left out in one folder. The first of these with an answer decides: `.lociignore`;
 * git, by its own answer, or by its rules and its index if it gave none; the defaults. Also gives
 * git's attributes of files.
 * All paths are relative to the root and end without a slash.
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

  /** @param defaults lines as in an ignore file in the root */
  static create(scope: Scope, defaults: readonly string[]): FolderRules {
    const none = IgnoreRules.none(foldsCase);
    const ours = none.extend('', defaults.join('\n'));
    return new FolderRules(scope, 'all', scope.rules, none, ours, scope.attributes);
  }

  /** The rules in a folder with these files. @param folder '' or ending with a slash */
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

  /** The rules in a nested repository: git's rules start afresh, ours continue. */
  inside(scope: Scope): FolderRules {
    return new FolderRules(scope, 'all', scope.rules, this.#own, this.#defaults, scope.attributes);
  }

  /** The rules inside a folder that is not left out. */
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

  /** Git's attribute of a file, see `AttributeRules.stateOf`. */
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
      // Tracked files override a rule, and a rule overrides the defaults.
      return matched === null ? null : false;
    }
    if (this.#mode === 'tracked') {
      return true;
    }
    // A folder with nothing listed may be empty or hold only ignored files; test each one.
    return this.scope.listed === null || this.#mode === 'rules' || isFolder ? matched : true;
  }

  /** What git lists, or else tracks, and the path as written there. */
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
