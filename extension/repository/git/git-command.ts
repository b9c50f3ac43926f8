import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, sep } from 'node:path';

/**
 * A repository is untrusted, and its settings can name commands. These settings switch off whatever
 * a listing could start: monitors, hooks, transports of missing objects, helpers, pagers.
 */
const harmless: readonly string[] = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.untrackedCache=false',
  'core.sshCommand=false',
  'core.gitProxy=',
  'core.askPass=',
  'core.pager=cat',
  'core.editor=false',
  'core.preloadIndex=false',
  // Keeps names as they are on the disk, on macOS too.
  'core.precomposeUnicode=false',
  'credential.helper=',
  'protocol.allow=never',
  'gc.auto=0',
  'maintenance.auto=false',
  'submodule.recurse=false',
];

const timeoutMilliseconds = 60_000;
const maxOutputBytes = 256 << 20;

/**
 * Our own environment without any `GIT_…`, plus variables that stop git from prompting or writing.
 */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^GIT_/i.test(name));
  return {
    ...Object.fromEntries(own),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    // No transport has this name, so nothing is fetched, not even from a folder.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_PAGER: 'cat',
    // A root may be a separate mount within the work tree.
    GIT_DISCOVERY_ACROSS_FILESYSTEM: '1',
    LC_ALL: 'C',
  };
}

/**
 * Finds the git on the PATH; null if there is none. We search instead of the system, because with a
 * relative entry, or a `git` in the repository itself, the repository would choose the program.
 */
async function findGit(folder: string): Promise<string | null> {
  const path = Object.entries(process.env).find(([name]) => name.toUpperCase() === 'PATH')?.[1];
  for (const entry of (path ?? '').split(delimiter)) {
    const file = join(entry, process.platform === 'win32' ? 'git.exe' : 'git');
    try {
      await access(file, constants.X_OK);
      const real = await realpath(file);
      if (isAbsolute(entry) && !real.startsWith(folder + sep) && (await stat(real)).isFile()) {
        return file;
      }
    } catch {
      // This entry has no git.
    }
  }
  return null;
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly output: Buffer;
}

/**
 * Asks git a question about a folder, without letting it change or start anything.
 * @returns null if git is missing, was killed by a signal, wrote too much or took too long
 * @throws the signal's reason when aborted
 */
export async function askGit(
  folder: string,
  question: readonly string[],
  signal: AbortSignal | undefined,
): Promise<GitAnswer | null> {
  const git = await findGit(folder);
  signal?.throwIfAborted();
  if (git === null) {
    return null;
  }
  const settings = harmless.flatMap((setting) => ['-c', setting]);
  const answer = await new Promise<GitAnswer | null>((done) => {
    const child = execFile(
      git,
      [...settings, '--no-pager', '--no-optional-locks', '--literal-pathspecs', ...question],
      {
        cwd: folder,
        env: environment(),
        encoding: 'buffer',
        timeout: timeoutMilliseconds,
        killSignal: 'SIGKILL',
        maxBuffer: maxOutputBytes,
        windowsHide: true,
        ...(signal === undefined ? {} : { signal }),
      },
      (error, output) => {
        const code = error === null ? 0 : error.code;
        done(typeof code === 'number' ? { exitCode: code, output } : null);
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end();
  });
  signal?.throwIfAborted();
  return answer;
}
