/** Tells which edits were made, from the editor's events. */

import * as vscode from 'vscode';
import { completionEnabled } from '../../settings/settings.ts';
import { Disposables } from '../editor/disposables.ts';
import { pathInRoots } from '../editor/workspace-path.ts';
import type { Root } from '../editor/workspace-path.ts';
import { longestFollowed } from './recent-edits.ts';
import type { RecentEdits } from './recent-edits.ts';

/** Follows documents until it is disposed of. */
interface EditListener {
  readonly dispose: () => void;
  /** Follows what is shown, once the roots are known. */
  readonly refresh: () => void;
}

/**
 * Follows the files of the roots that are shown or changed, where completions are turned on.
 * @param roots as they are read now; none: nothing is followed
 */
export function listenToEdits(recent: RecentEdits, roots: () => readonly Root[]): EditListener {
  const pathOf = (uri: vscode.Uri): string | null =>
    uri.scheme === 'file' ? pathInRoots(uri.fsPath, roots()) : null;
  const follow = (document: vscode.TextDocument): void => {
    const path = pathOf(document.uri);
    if (path === null || recent.follows(path) || !completionEnabled(document)) return;
    const text = document.getText();
    if (text.length <= longestFollowed) recent.follow(path, text);
  };
  const followShown = (editors: readonly vscode.TextEditor[]): void => {
    for (const { document } of editors) follow(document);
  };
  const disposables = new Disposables();
  disposables.add(vscode.window.onDidChangeVisibleTextEditors(followShown));
  disposables.add(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const path = pathOf(document.uri);
      if (path === null || contentChanges.length === 0) return;
      if (!completionEnabled(document)) recent.forget(path);
      // What a document was before its first event is not known.
      else if (!recent.change(path, contentChanges, document.lineCount)) follow(document);
    }),
  );
  disposables.add(
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      const path = pathOf(uri);
      if (path !== null) recent.forget(path);
    }),
  );
  disposables.add(
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) {
        const [from, to] = [pathOf(oldUri), pathOf(newUri)];
        if (from !== null && to !== null) recent.rename(from, to);
      }
    }),
  );
  return {
    refresh: () => {
      followShown(vscode.window.visibleTextEditors);
    },
    dispose: () => {
      disposables.dispose();
    },
  };
}
