/** Loci: Write Commit Message. Asks the model, and writes what it says into the editor's box. */

import path from 'node:path';
import * as vscode from 'vscode';
import { failureDetail } from '../../engine-client/failure.ts';
import type { AskParameters } from '../../protocol/requests/ask.ts';
import { weighQuestionRequest } from '../../protocol/requests/weigh-question.ts';
import { summaryOf } from '../../protocol/webview.ts';
import { pathInRoots } from '../editor/workspace-path.ts';
import { askWithProgress } from '../host/ask-with-progress.ts';
import type { Host } from '../host/feature.ts';
import { commitPrompt, cutNotice, messageOf, writesNone } from './commit-prompt.ts';
import type { CommitPrompt } from './commit-prompt.ts';
import { fittingPrompt } from './fitting-prompt.ts';
import type { GitRepository } from './git-api.ts';
import { readStaged } from './staged-files.ts';
import type { StagedDiff, StagedFile } from './staged-files.ts';

/** A message of more tokens is none. */
const longestMessage = 300;

/** Writes a message of what is staged in a repository, and says why where it does not. */
export async function writeMessage(repository: GitRepository, host: Host): Promise<void> {
  const refusal = await written(repository, host);
  if (refusal !== null) void vscode.window.showInformationMessage(refusal);
}

/** Returns what to tell the user; null: nothing more. */
async function written(repository: GitRepository, host: Host): Promise<string | null> {
  const summary = summaryOf(host.sessionView());
  if (summary === null) return 'Read this repository first, then ask for a message.';
  if (summary.bundled) return writesNone;
  try {
    await repository.status();
  } catch (error) {
    return gitFailed(error, host);
  }
  const files = stagedFiles(repository, host);
  if (files.length === 0) return 'Stage the changes that the message is to be of.';
  const before = repository.inputBox.value;
  const made: { prompt: CommitPrompt | null; refusal: string | null } = {
    prompt: null,
    refusal: null,
  };
  const parameters = async (signal: AbortSignal): Promise<AskParameters | null> => {
    let staged: StagedDiff[];
    try {
      staged = await stagedDiffs(repository, files, host, signal);
    } catch (error) {
      if (!signal.aborted) made.refusal = gitFailed(error, host);
      return null;
    }
    made.prompt = await fitted(staged, host, signal);
    if (made.prompt === null) {
      made.refusal = 'Stage fewer files: the model may see none of these, or has no room for one.';
      return null;
    }
    const exact = { seed: 0, temperature: 0, recall: 'off', mode: 'always' } as const;
    return { question: made.prompt.question, maxTokens: longestMessage, ...exact };
  };
  const title = 'Loci writes the commit message…';
  const answer = await askWithProgress(host.session, title, parameters);
  if (made.refusal !== null) return made.refusal;
  if (answer === null || made.prompt === null) return null;
  const message = messageOf(answer);
  if (!message.ok) return message.sentence;
  // The next message does not wait until a notification is closed.
  void place(repository, before, message.text, cutNotice(made.prompt));
  return null;
}

/** Logs what git says, and returns what to tell the user. */
function gitFailed(error: unknown, { log }: Host): string {
  log.error(`Git did not say what is staged: ${failureDetail(error)}`);
  return 'Git does not say what is staged. See the log for the cause.';
}

function stagedDiffs(
  repository: GitRepository,
  files: readonly StagedFile[],
  host: Host,
  signal: AbortSignal,
): Promise<StagedDiff[]> {
  const read = (file: string): Promise<string> =>
    repository.diffIndexWithHEAD(path.join(repository.rootUri.fsPath, file));
  return readStaged(files, host.choices().excluded, read, signal);
}

function stagedFiles(repository: GitRepository, host: Host): StagedFile[] {
  const inside = ({ fsPath }: vscode.Uri): string =>
    path.relative(repository.rootUri.fsPath, fsPath).split(path.sep).join('/');
  return repository.state.indexChanges.map(({ uri, originalUri, status }) => ({
    path: inside(uri),
    enginePath: pathInRoots(uri.fsPath, host.session.roots),
    whole: wholeChange(status, inside(originalUri), inside(uri)),
  }));
}

/** What git's status says of all of a file; null: that its lines changed. */
function wholeChange(status: number, before: string, now: string): string | null {
  if (status === 2) return `deleted file ${now}`;
  return status === 3 ? `renamed file ${before} to ${now}` : null;
}

/** Makes the question that fits the model's room, as the engine counts it. */
function fitted(
  staged: readonly StagedDiff[],
  { session }: Host,
  signal: AbortSignal,
): Promise<CommitPrompt | null> {
  return fittingPrompt(
    (room) => commitPrompt(staged, room),
    async (question) => {
      const weight = await session.lookUp(weighQuestionRequest, { question }, signal);
      if (weight === null) return null;
      const { questionTokens, capacityTokens } = weight;
      return { tokens: questionTokens, room: capacityTokens - longestMessage };
    },
  );
}

/** Writes the message; what the user wrote there can be brought back. */
async function place(
  { inputBox }: GitRepository,
  before: string,
  message: string,
  notice: string | null,
): Promise<void> {
  const written = inputBox.value;
  if (written !== before) {
    const changed = 'You changed the message while Loci wrote one.';
    const use = 'Use the One of Loci';
    if ((await vscode.window.showInformationMessage(changed, use)) !== use) return;
  }
  const earlier = inputBox.value;
  inputBox.value = message;
  const replaced = earlier.trim() !== '' && earlier !== message;
  const sentences = [
    ...(replaced ? ['The message took the place of yours.'] : []),
    ...(notice === null ? [] : [notice]),
  ];
  if (sentences.length === 0) return;
  const back = 'Bring Mine Back';
  const chosen = await vscode.window.showInformationMessage(
    sentences.join(' '),
    ...(replaced ? [back] : []),
  );
  if (chosen === back) inputBox.value = earlier;
}
