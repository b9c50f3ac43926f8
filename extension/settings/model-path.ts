/** Resolves a model path as written by the user to an absolute path or an error message. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PathPlace {
  /** The user's home folder; empty if there is none. */
  readonly home: string;
  /** The first folder of the workspace, the base of relative paths; null if there is none. */
  readonly folder: string | null;
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
}

export type ModelPath =
  | { readonly ok: true; readonly path: string | null }
  | { readonly ok: false; readonly message: string };

/**
 * Resolves a path with quotes around it, `file://`, `~`, environment variables or a relative path.
 * @returns `path: null` for an empty text: the bundled model.
 */
export function resolveModelPath(text: string, place: PathPlace): ModelPath {
  const bare = unquoted(text.trim());
  if (bare === '') return { ok: true, path: null };
  if (/^file:/iu.test(bare)) return fromUri(bare, place.platform);
  if (/^[a-z][a-z\d+.-]+:\/\//iu.test(bare)) {
    return refuse(`“${bare}” is not a file on this machine. Download the model first.`);
  }
  const expanded = expandVariables(bare, place);
  if (!expanded.ok) return expanded;
  return fromPath(expanded.path, place);
}

function fromPath(text: string, { home, folder, platform }: PathPlace): ModelPath {
  const rules = platform === 'win32' ? path.win32 : path.posix;
  const tilde = /^~(?:[\\/]|$)/u.exec(text)?.[0];
  if (tilde !== undefined) {
    if (home === '') {
      return refuse(`“${text}” needs a home folder, but there is none. Use an absolute path.`);
    }
    return { ok: true, path: rules.join(home, text.slice(tilde.length)) };
  }
  if (rules.isAbsolute(text)) return { ok: true, path: rules.normalize(text) };
  if (platform !== 'win32' && (/^[a-z]:[\\/]/iu.test(text) || text.startsWith('\\\\'))) {
    return refuse(`“${text}” is a Windows path, but Loci runs on another system here.`);
  }
  if (platform === 'win32' && /^[a-z]:/iu.test(text)) {
    return refuse(`“${text}” has no folder after its drive. Use an absolute path.`);
  }
  if (text.startsWith('~')) {
    return refuse(`“${text}” names another user's home folder. Use an absolute path.`);
  }
  if (folder === null) {
    return refuse(`“${text}” is a relative path, but no folder is open. Use an absolute path.`);
  }
  return { ok: true, path: rules.resolve(folder, text) };
}

function fromUri(text: string, platform: NodeJS.Platform): ModelPath {
  try {
    const windows = platform === 'win32';
    // The standard treats a URI without slashes after its colon as a relative path.
    if (!/^file:\/\//iu.test(text)) throw new Error('relative');
    return { ok: true, path: fileURLToPath(text, { windows }) };
  } catch {
    return refuse(`“${text}” is not a file address on this machine.`);
  }
}

/**
 * Expands `${env:NAME}`, `$HOME`, `${HOME}`, `${userHome}` and `${workspaceFolder}`, and on Windows
 * `%NAME%`.
 */
function expandVariables(
  text: string,
  place: PathPlace,
): { readonly ok: true; readonly path: string } | { readonly ok: false; readonly message: string } {
  const missing: string[] = [];
  const value = (name: string, known: string | undefined | null): string => {
    if (known === undefined || known === null || known === '') missing.push(name);
    return known ?? '';
  };
  const { home, folder, environment, platform } = place;
  let expanded = text
    .replace(/\$\{env:(?<name>[^}]+)\}/gu, (all, name: string) => value(all, environment[name]))
    .replace(/^(?:\$HOME\b|\$\{HOME\}|\$\{userHome\})/u, (all) => value(all, home))
    .replace(/^\$\{workspaceFolder\}/u, (all) => value(all, folder));
  if (platform === 'win32') {
    expanded = expanded.replace(/%(?<name>[^%]+)%/gu, (all, name: string) =>
      value(all, environment[name]),
    );
  }
  const [first] = missing;
  if (first === undefined) return { ok: true, path: expanded };
  return { ok: false, message: `“${text}” uses ${first}, which is not set.` };
}

/** Removes the quotes that a file manager or a shell puts around a path. */
function unquoted(text: string): string {
  const quoted = /^(?<quote>["'`])(?<inner>.*)\k<quote>$/su.exec(text);
  return (quoted?.groups?.['inner'] ?? text).trim();
}

function refuse(message: string): ModelPath {
  return { ok: false, message };
}
