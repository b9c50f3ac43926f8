/** Begins a question about the selection in an editor. */

import * as vscode from 'vscode';
import type { ChatEntry } from './chat-entry.ts';

/** Returns e.g. `In src/a.ts:3-8, `; null if no file of the workspace is shown. */
function selectionReference(editor: vscode.TextEditor | undefined): string | null {
  if (editor === undefined) return null;
  const { document, selection } = editor;
  if (vscode.workspace.getWorkspaceFolder(document.uri) === undefined) return null;
  const path = vscode.workspace.asRelativePath(document.uri);
  const from = selection.start.line + 1;
  // A selection of whole lines ends at the start of the next line.
  const atLineStart = selection.end.character === 0 && selection.end.line > selection.start.line;
  const to = atLineStart ? selection.end.line : selection.end.line + 1;
  const lines = from === to ? String(from) : `${String(from)}-${String(to)}`;
  return `In ${path}:${lines}, `;
}

/** Loci: Ask About This. Begins a question about the selection in the chat. */
export async function askAboutSelection(entry: ChatEntry): Promise<void> {
  const reference = selectionReference(vscode.window.activeTextEditor);
  if (reference === null) {
    void vscode.window.showInformationMessage('Open a file of this workspace to ask about it.');
    return;
  }
  await entry.open();
  entry.draft(reference);
}
