import { type BytePath, PathSet } from '../disk/byte-path.ts';
import { findBlockingIgnoreFile } from './blocking-files.ts';
import { askGit, type GitAnswer } from './git-command.ts';

function split(output: Buffer): BytePath[] {
  return output
    .toString('latin1')
    .split('\0')
    .filter((path) => path !== '');
}

/** If git takes longer, it may be waiting for a pipe in place of a rule file. */
const patienceMilliseconds = 1000;

/** Runs a query to git, and stops it if something in the work tree blocks git. */
async function unlessBlocked(
  folder: string,
  signal: AbortSignal | undefined,
  ask: (signal: AbortSignal) => Promise<GitAnswer | null>,
): Promise<GitAnswer | null> {
  const answered = new AbortController();
  const blocked = new AbortController();
  const timer = setTimeout(() => {
    void findBlockingIgnoreFile(folder, answered.signal).then((found) => {
      if (found) {
        blocked.abort();
      }
    });
  }, patienceMilliseconds);
  const signals = signal === undefined ? [blocked.signal] : [blocked.signal, signal];
  try {
    return await ask(AbortSignal.any(signals));
  } catch (error) {
    signal?.throwIfAborted();
    if (blocked.signal.aborted) {
      return null;
    }
    throw error;
  } finally {
    clearTimeout(timer);
    answered.abort();
  }
}

/**
 * Asks git for the files of a folder that it does not ignore: tracked files, whatever the rules
 * say, untracked files that no rule matches, and each nested repository as one path.
 * @param ignoreCase whether names on the disk may differ in case from those in git
 * @returns paths relative to the folder; null if git cannot or will not answer: it is missing or
 * broken, the folder belongs to another user, or the repository has no work tree
 * @throws the signal's reason when aborted
 */
export async function askGitForFiles(
  folder: string,
  ignoreCase: boolean,
  signal: AbortSignal | undefined,
): Promise<PathSet | null> {
  const question = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const answer = await unlessBlocked(folder, signal, (limited) =>
    askGit(folder, question, limited),
  );
  return answer?.exitCode === 0 ? new PathSet(split(answer.output), ignoreCase) : null;
}

/** Whether git's rules ignore a whole folder; null if git gives no answer. */
export async function askGitWhetherIgnored(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<boolean | null> {
  const answer = await askGit(folder, ['check-ignore', '--quiet', '--no-index', '.'], signal);
  return answer === null || answer.exitCode > 1 ? null : answer.exitCode === 0;
}
