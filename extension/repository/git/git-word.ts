import { type BytePath, PathSet } from '../disk/byte-path.ts';
import { findBlockingIgnoreFile } from './blocking-files.ts';
import { askGit, type GitAnswer } from './git-command.ts';

function split(output: Buffer): BytePath[] {
  return output
    .toString('latin1')
    .split('\0')
    .filter((path) => path !== '');
}

/** Where git takes longer, it may be that it waits for a pipe in place of a file of rules. */
const patienceMilliseconds = 1000;

/** Runs a question to git, and ends it where something in the work tree holds git up. */
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
 * Asks git for the files of a folder that it does not ignore: tracked ones, whatever the rules say,
 * and untracked ones that no rule matches; repositories inside as one path.
 * @param ignoreCase whether names on the disk may differ in case from those that git keeps
 * @returns paths relative to the folder; null where git cannot or will not say: it is missing or
 * broken, the folder belongs to somebody else, the repository has no work tree
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

/** Whether git ignores a folder as a whole, by its rules alone; null where it does not say. */
export async function askGitWhetherIgnored(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<boolean | null> {
  const answer = await askGit(folder, ['check-ignore', '--quiet', '--no-index', '.'], signal);
  return answer === null || answer.exitCode > 1 ? null : answer.exitCode === 0;
}
