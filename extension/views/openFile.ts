/** Opens files of the workspace that the engine or a view names. */

import * as vscode from 'vscode';
import { resolveInside, type Root } from './workspacePath.ts';

/** Lines from 1, both included; null: the file's beginning. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Opens a file at the lines and marks them; says so where there is no such file in the workspace.
 * @param roots the folders that were read
 */
export async function openFile(
  path: string,
  lines: LineRange | null,
  roots: readonly Root[],
): Promise<void> {
  const file = await resolveInside(path, roots);
  if (file === null) {
    void vscode.window.showWarningMessage(`${path} is not in this workspace any more.`);
    return;
  }
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const editor = await vscode.window.showTextDocument(document, { preview: true });
  if (lines === null) return;
  const last = document.lineCount - 1;
  const from = Math.min(lines.from - 1, last);
  const to = Math.max(from, Math.min(lines.to - 1, last));
  const end = from === to ? new vscode.Position(from, 0) : document.lineAt(to).range.end;
  const start = new vscode.Position(from, 0);
  editor.selection = new vscode.Selection(end, start);
  editor.revealRange(
    new vscode.Range(start, end),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}
