/** Inserts an answer's code where the user is editing. */

import * as vscode from 'vscode';

/**
 * Replaces the selections of the active editor by the code, as one undo step, and focuses the
 * editor. Shows a message if no file is open or it cannot be changed.
 */
export async function insertCode(text: string): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    void vscode.window.showInformationMessage(
      'Open a file first. The code is inserted at its cursor.',
    );
    return;
  }
  const inserted = await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, text);
  });
  if (!inserted) {
    void vscode.window.showWarningMessage('The code was not inserted: the file is read-only.');
    return;
  }
  await vscode.window.showTextDocument(editor.document, {
    viewColumn: editor.viewColumn ?? vscode.ViewColumn.Active,
    preserveFocus: false,
  });
}
