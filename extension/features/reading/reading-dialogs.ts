/** What is asked and shown about readings. */

import * as vscode from 'vscode';

export interface ReadingDialogs {
  /** Whether the user wants to read. @param detail more about it, or '' */
  readonly confirm: (text: string, detail: string) => Promise<boolean>;
  /** Shows that files are counted for as long as work takes. */
  readonly counting: <T>(work: () => Promise<T>) => Promise<T>;
  readonly inform: (text: string) => void;
}

/** What follows changed files when it is asked to. */
interface FollowsAll {
  readonly followAll: (signal: AbortSignal) => Promise<boolean>;
}

/** In the editor's window. */
export const editorDialogs: ReadingDialogs & {
  /** Shows that changed files are read, and stops that where the user says so. */
  readonly following: (following: FollowsAll) => Promise<boolean>;
} = {
  confirm: async (text, detail) => {
    const read: vscode.MessageItem = { title: 'Read' };
    const not: vscode.MessageItem = { title: 'Not Now', isCloseAffordance: true };
    const options = { modal: true, detail };
    return (await vscode.window.showInformationMessage(text, options, read, not)) === read;
  },
  counting: async (work) =>
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'Loci: counting…' },
      work,
    ),
  following: async (following) =>
    vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: 'Loci: reading changed files',
        cancellable: true,
      },
      (_, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => {
          controller.abort();
        });
        return following.followAll(controller.signal);
      },
    ),
  inform: (text) => {
    void vscode.window.showInformationMessage(text);
  },
};
