/** The part of the editor's git extension that messages need, as its version 1 has it. */

import * as vscode from 'vscode';

/** A file that differs between the last commit and what is staged. */
interface GitChange {
  readonly uri: vscode.Uri;
  /** Where a renamed file was. */
  readonly originalUri: vscode.Uri;
  /** A number of its list: 2 is deleted, 3 is renamed. */
  readonly status: number;
}

export interface GitRepository {
  readonly rootUri: vscode.Uri;
  /** Where the message is written. */
  readonly inputBox: { value: string };
  readonly state: { readonly indexChanges: readonly GitChange[] };
  /** Reads the state again. */
  status(): Promise<void>;
  /** Returns what is staged of a file, as a difference from the last commit. */
  diffIndexWithHEAD(path: string): Promise<string>;
}

interface GitApi {
  readonly repositories: readonly GitRepository[];
  getRepository(uri: vscode.Uri): GitRepository | null;
}

interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

/**
 * Returns the repository that is meant: the one whose title bar was clicked, else the one of the open
 * file, else the only one, else the one that the user chooses.
 * @param argument of the command
 * @returns null if there is none or none was chosen; the user was told where there is none
 */
export async function chosenRepository(argument: unknown): Promise<GitRepository | null> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  const git = extension === undefined ? null : await extension.activate();
  const api = git?.enabled === true ? git.getAPI(1) : null;
  const repositories = api?.repositories ?? [];
  if (api === null || repositories.length === 0) {
    void vscode.window.showInformationMessage('Open a folder with a git repository first.');
    return null;
  }
  const uri = rootOf(argument) ?? vscode.window.activeTextEditor?.document.uri;
  const found = uri === undefined ? null : api.getRepository(uri);
  if (found !== null) return found;
  if (repositories.length === 1) return repositories[0] ?? null;
  const items = repositories.map((repository) => ({
    label: vscode.workspace.asRelativePath(repository.rootUri),
    repository,
  }));
  const title = 'Choose the repository whose staged changes the message is of';
  return (await vscode.window.showQuickPick(items, { title }))?.repository ?? null;
}

/** Returns the folder of a title bar's source control. */
function rootOf(argument: unknown): vscode.Uri | null {
  if (typeof argument !== 'object' || argument === null || !('rootUri' in argument)) return null;
  return argument.rootUri instanceof vscode.Uri ? argument.rootUri : null;
}
