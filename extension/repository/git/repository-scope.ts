import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { AttributeRules } from './attribute-rules.ts';
import { blocksGit } from './blocking-files.ts';
import { type BytePath, PathSet, toBytePath } from '../disk/byte-path.ts';
import {
  expandPath,
  type GitConfig,
  isTrue,
  readGitConfig,
  userConfigFolder,
} from './git-config.ts';
import { type GitDirectory, gitDirectoryOf, lookAround } from './git-directory.ts';
import { readTrackedPaths } from './git-index.ts';
import { askGitForFiles, askGitWhetherIgnored } from './git-word.ts';
import { IgnoreRules } from './ignore-rules.ts';
import { readRuleFile } from '../disk/settings-file.ts';

/** The part of a root that belongs to one repository, or to none. */
export interface Scope {
  /** Its first folder, relative to the root: '' or ending with a slash. */
  readonly start: BytePath;
  /** The same folder relative to the top of the work tree: '' or ending with a slash. */
  readonly belowTop: BytePath;
  /** Null outside any repository. */
  readonly git: GitDirectory | null;
  readonly bare: boolean;
  /** The repository's main work tree; null if it has none or it is unknown. */
  readonly mainTree: string | null;
  /** The files that git lists as not ignored, relative to the start; null if git gave no answer. */
  readonly listed: PathSet | null;
  /** The tracked paths, relative to the top, for when git gave no answer. */
  readonly tracked: PathSet;
  /** The rules of files outside the scope, relative to the top of the work tree. */
  readonly rules: IgnoreRules;
  /** The attributes from files outside the scope. */
  readonly attributes: AttributeRules;
}

/** Windows and macOS fold case. Used when no repository states `core.ignoreCase`. */
export const foldsCase = process.platform === 'win32' || process.platform === 'darwin';

function outside(start: BytePath, git: GitDirectory | null): Scope {
  return {
    start,
    belowTop: '',
    git,
    bare: false,
    mainTree: null,
    listed: null,
    tracked: new PathSet([]),
    rules: IgnoreRules.none(foldsCase),
    attributes: AttributeRules.none(foldsCase),
  };
}

/** Reads the user's own ignore file. */
function personalRules(top: string, config: GitConfig): string | null {
  const setting = config.settings.get('core.excludesfile');
  if (setting === undefined) {
    return join(userConfigFolder(), 'ignore');
  }
  return setting === '' ? null : expandPath(setting, top);
}

/**
 * The attributes that apply from outside the scope: those of the user's own file, of the folders
 * from the top down to the scope (exclusive), and of the repository's own file. They are read
 * without git.
 */
async function attributesAround(
  top: string,
  segments: readonly string[],
  common: string,
  config: GitConfig,
  ignoreCase: boolean,
): Promise<AttributeRules> {
  const setting = config.settings.get('core.attributesfile');
  const personal =
    setting === undefined ? join(userConfigFolder(), 'attributes') : expandPath(setting, top);
  const read = async (file: string, followLinks: boolean): Promise<string | null> =>
    readRuleFile(file, { followLinks });
  let rules = AttributeRules.none(ignoreCase)
    .extendShared(await read(personal, true), false)
    .extendShared(await read(join(common, 'info', 'attributes'), true), true);
  let folder = '';
  for (const segment of segments) {
    const text = await read(join(top, folder, '.gitattributes'), false);
    rules = rules.extend(toBytePath(folder), text);
    folder += `${segment}/`;
  }
  return rules;
}

/** The rules of files outside the work tree; later files override earlier ones. */
async function sharedRules(files: readonly string[], ignoreCase: boolean): Promise<IgnoreRules> {
  let rules = IgnoreRules.none(ignoreCase);
  for (const file of files) {
    rules = rules.extend('', await readRuleFile(file, { followLinks: true }));
  }
  return rules;
}

/** The rules of the folders from the top down to the scope (exclusive). */
async function rulesOnTheWay(
  top: string,
  segments: readonly string[],
  rules: IgnoreRules,
): Promise<{ readonly rules: IgnoreRules; readonly ignored: boolean }> {
  let folder = '';
  let extended = rules;
  for (const segment of segments) {
    const text = await readRuleFile(join(top, folder, '.gitignore'), { followLinks: false });
    extended = extended.extend(toBytePath(folder), text);
    if (extended.verdict(toBytePath(folder + segment), true) === true) {
      return { rules: extended, ignored: true };
    }
    folder += `${segment}/`;
  }
  return { rules: extended, ignored: false };
}

function mainTreeOf(common: string, config: GitConfig): string | null {
  const setting = config.settings.get('core.worktree');
  if (setting !== undefined) {
    return resolve(common, setting);
  }
  return basename(common) === '.git' ? dirname(common) : null;
}

async function openRepository(
  folder: string,
  start: BytePath,
  top: string,
  git: GitDirectory,
  signal: AbortSignal | undefined,
): Promise<Scope> {
  const config = await readGitConfig(git.common, git.directory);
  const setting = config.settings.get('core.ignorecase');
  const ignoreCase = setting === undefined ? foldsCase : isTrue(setting);
  const withoutTree = isTrue(config.settings.get('core.bare'));
  const bare = withoutTree && !git.linked;
  const segments = relative(top, folder)
    .split(sep)
    .filter((segment) => segment !== '');
  const personal = personalRules(top, config);
  const shared = [...(personal === null ? [] : [personal]), join(git.common, 'info', 'exclude')];
  const way = await rulesOnTheWay(top, segments, await sharedRules(shared, ignoreCase));
  const onTheWay = segments.map((_, depth) => join(top, ...segments.slice(0, depth), '.gitignore'));
  const blocked = await blocksGit(
    [...new Set([git.directory, git.common])],
    [...config.files, ...shared, ...onTheWay, join(folder, '.gitignore')],
  );
  if (segments.length > 0) {
    const answer = blocked ? null : await askGitWhetherIgnored(folder, signal);
    if (answer ?? way.ignored) {
      return outside(start, git);
    }
  }
  const listed = bare || blocked ? null : await askGitForFiles(folder, ignoreCase, signal);
  const hashBytes = config.settings.get('extensions.objectformat') === 'sha256' ? 32 : 20;
  const tracked = listed === null && !bare ? await readTrackedPaths(git.directory, hashBytes) : [];
  return {
    start,
    belowTop: toBytePath(segments.map((segment) => `${segment}/`).join('')),
    git,
    bare,
    mainTree: withoutTree ? null : mainTreeOf(git.common, config),
    listed,
    tracked: new PathSet(tracked, ignoreCase),
    rules: way.rules,
    attributes: await attributesAround(top, segments, git.common, config, ignoreCase),
  };
}

/**
 * The scope of a root: its repository, or none. The user opened the root on purpose, so if its
 * repository ignores it, the rules above it do not apply. Null below a folder of git's own files.
 * @throws the signal's reason when aborted; RepositoryError for rules that cannot be read
 */
export async function openRootScope(
  root: string,
  signal: AbortSignal | undefined,
): Promise<Scope | null> {
  const around = await lookAround(root);
  if (around.kind === 'work-tree') {
    return openRepository(root, '', around.top, around.git, signal);
  }
  const amidGitFiles = around.kind === 'git-directory' && around.top !== root;
  return amidGitFiles ? null : outside('', null);
}

/**
 * The scope of a nested repository below a root, or null if the folder is none.
 * @param start the folder relative to the root, ending with a slash
 */
export async function openNestedScope(
  folder: string,
  start: BytePath,
  signal: AbortSignal | undefined,
): Promise<Scope | null> {
  const git = await gitDirectoryOf(folder);
  return git === null ? null : openRepository(folder, start, folder, git, signal);
}

/** The scope of a folder that git takes for a repository but that cannot be opened. */
export function brokenNestedScope(start: BytePath): Scope {
  return outside(start, null);
}
