import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { toBytePath } from '../disk/byte-path.ts';
import { readSettings } from '../disk/settings-file.ts';
import { wildmatch } from './wildmatch.ts';

export interface GitConfig {
  /** By `section.name` or `section.subsection.name`, in lower case except the subsection. */
  readonly settings: ReadonlyMap<string, string>;
  /** The files that hold them, whether or not they exist. */
  readonly files: readonly string[];
}

const maxIncludes = 10;
/** Without a limit, a file that includes itself twice would be read a thousand times. */
const maxFiles = 100;
const sectionHeader = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/;
const assignment = /^\s*([a-z][\w-]*)\s*(?:=\s*(.*))?$/is;

/** Strips a value of its quotes, escapes, comment and surrounding blanks. */
function parseValue(raw: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };
  let value = '';
  let kept = 0;
  let quoted = false;
  for (let index = 0; index < raw.length; index++) {
    const character = raw.charAt(index);
    if (character === '\\') {
      const next = raw.charAt(++index);
      value += escapes[next] ?? next;
      kept = value.length;
    } else if (character === '"') {
      quoted = !quoted;
      kept = value.length;
    } else if (!quoted && (character === '#' || character === ';')) {
      break;
    } else {
      value += character;
      if (quoted || !/\s/.test(character)) {
        kept = value.length;
      }
    }
  }
  return value.slice(0, kept);
}

/** Parses the settings of one file in order; skips invalid lines. */
function parseGitConfig(text: string): [key: string, value: string][] {
  const settings: [string, string][] = [];
  let section = '';
  const joined = text.replace(/^\uFEFF/, '').replace(/\\\r?\n/g, '');
  for (let line of joined.split(/\r?\n/)) {
    const header = sectionHeader.exec(line);
    if (header !== null) {
      const subsection = header[2]?.replace(/\\(.)/g, '$1');
      section =
        (header[1] ?? '').toLowerCase() + (subsection === undefined ? '' : `.${subsection}`);
      line = line.slice(header[0].length);
    }
    const [, name, value] = assignment.exec(line) ?? [];
    if (name !== undefined && section !== '') {
      settings.push([
        `${section}.${name.toLowerCase()}`,
        value === undefined ? 'true' : parseValue(value),
      ]);
    }
  }
  return settings;
}

/** The home folder that git uses. */
function homeFolder(): string {
  const home = process.env['HOME'];
  return home !== undefined && isAbsolute(home) ? home : homedir();
}

/** Resolves a path from a setting: `~/` is the home folder. */
export function expandPath(path: string, relativeTo: string): string {
  if (path === '~' || path.startsWith('~/')) {
    return join(homeFolder(), path.slice(1));
  }
  return isAbsolute(path) ? path : resolve(relativeTo, path);
}

/** Whether a setting names a file to include: always, or if the repository's location matches. */
function includes(key: string, folder: string, gitDirectory: string): boolean {
  if (key === 'include.path') {
    return true;
  }
  const [, fold, condition] = /^includeif\.gitdir(\/i)?:(.+)\.path$/s.exec(key) ?? [];
  if (condition === undefined) {
    return false;
  }
  const place = /^(?:~|\.)\//.test(condition)
    ? expandPath(condition, folder) + (condition.endsWith('/') ? '/' : '')
    : isAbsolute(condition)
      ? condition
      : `**/${condition}`;
  const pattern = toBytePath(place.replace(/\/+$/, '/') + (place.endsWith('/') ? '**' : ''));
  const path = toBytePath(gitDirectory.split(sep).join('/'));
  return wildmatch(pattern, path, { pathname: true, ignoreCase: fold !== undefined });
}

interface Collected {
  readonly gitDirectory: string;
  readonly settings: Map<string, string>;
  readonly files: string[];
}

async function addFile(file: string, into: Collected, depth: number): Promise<void> {
  into.files.push(file);
  const text = (await readSettings(file, { followLinks: true }))?.toString('utf8');
  if (text === undefined || depth > maxIncludes) {
    return;
  }
  for (const [key, value] of parseGitConfig(text)) {
    if (includes(key, dirname(file), into.gitDirectory) && into.files.length < maxFiles) {
      await addFile(expandPath(value, dirname(file)), into, depth + 1);
    } else {
      into.settings.set(key, value);
    }
  }
}

/** The folder of the user's git settings: `$XDG_CONFIG_HOME/git`, or `~/.config/git`. */
export function userConfigFolder(): string {
  const folder = process.env['XDG_CONFIG_HOME'];
  return folder !== undefined && isAbsolute(folder)
    ? join(folder, 'git')
    : join(homeFolder(), '.config', 'git');
}

/**
 * The settings that apply to a repository: the system's, the user's and its own, the last one set
 * wins. Of the conditional includes, only those by location are followed.
 * @param common the folder that all work trees share
 */
export async function readGitConfig(common: string, gitDirectory: string): Promise<GitConfig> {
  const config: Collected = { gitDirectory, settings: new Map(), files: [] };
  const files = [
    ...(process.platform === 'win32' ? [] : ['/etc/gitconfig']),
    join(userConfigFolder(), 'config'),
    join(homeFolder(), '.gitconfig'),
    join(common, 'config'),
  ];
  for (const file of files) {
    await addFile(file, config, 0);
  }
  if (isTrue(config.settings.get('extensions.worktreeconfig'))) {
    await addFile(join(gitDirectory, 'config.worktree'), config, 0);
  }
  return config;
}

/** Parses a boolean setting as git does. */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|yes|on|[1-9]\d*)$/i.test(value);
}
