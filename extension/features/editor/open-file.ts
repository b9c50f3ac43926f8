/** Opens files of the workspace that the engine or a view names. */

import * as vscode from 'vscode';
import { highlightLines } from './line-highlight.ts';
import { resolveInside, type Root } from './workspace-path.ts';

/** Lines from 1, inclusive; null: the start of the file. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Opens a file at the lines and marks them; shows a message if the workspace has no such file.
 * @param roots the folders that were read
 */
export async function openFile(
  path: string,
  lines: LineRange | null,
  roots: readonly Root[],
): Promise<void> {
  const file = await resolveInside(path, roots);
  if (file === null) {
    void vscode.window.showWarningMessage(`${path} is no longer in this workspace.`);
    return;
  }
  const editor = await showText(file);
  if (editor === null) {
    void vscode.window.showWarningMessage(`${path} cannot be shown as text.`);
    return;
  }
  if (lines === null) return;
  const { document } = editor;
  const last = document.lineCount - 1;
  const from = Math.min(lines.from - 1, last);
  const to = Math.max(from, Math.min(lines.to - 1, last));
  const start = new vscode.Position(from, 0);
  const range = new vscode.Range(start, document.lineAt(to).range.end);
  editor.selection = new vscode.Selection(start, start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  highlightLines(editor, range);
}

/** Returns null if the editor cannot show the file: it is now binary, too large or unreadable. */
async function showText(file: string): Promise<vscode.TextEditor | null> {
  try {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
    return await vscode.window.showTextDocument(document, { preview: true });
  } catch {
    return null;
  }
}
