/** What is selected in the editor, as a question names it. */

import * as vscode from 'vscode';
import { mentionText } from '../../protocol/mention-text.ts';
import { pathInRoots } from './workspace-path.ts';
import type { Root } from './workspace-path.ts';

/**
 * Returns the selected lines of the active editor, e.g. `@src/a.ts:3-8`.
 * @param roots the folders that were read
 * @param orLine whether the cursor's line counts where nothing is selected
 * @returns null if nothing is selected or no file of the workspace is shown
 */
export function selectionMention(roots: readonly Root[], orLine: boolean): string | null {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || (!orLine && editor.selection.isEmpty)) return null;
  return mentionOf(editor.document, editor.selection, roots);
}

/** Returns lines of a document as a mention; null if it is no file of the workspace. */
export function mentionOf(
  document: Pick<vscode.TextDocument, 'uri'>,
  range: vscode.Range,
  roots: readonly Root[],
): string | null {
  const { uri } = document;
  if (vscode.workspace.getWorkspaceFolder(uri) === undefined) return null;
  const path = pathInRoots(uri.fsPath, roots) ?? vscode.workspace.asRelativePath(uri);
  const text = mentionText(path);
  if (text === null) return null;
  const from = range.start.line + 1;
  // A selection of whole lines ends at the start of the next line.
  const atLineStart = range.end.character === 0 && range.end.line > range.start.line;
  const to = atLineStart ? range.end.line : range.end.line + 1;
  const lines = from === to ? String(from) : `${String(from)}-${String(to)}`;
  return `@${text}:${lines}`;
}
