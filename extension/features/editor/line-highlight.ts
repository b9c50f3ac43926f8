/**
 * Marks lines of an editor for a short time, so that they are noticed when a citation is opened.
 */

import * as vscode from 'vscode';

/** How long lines stay marked. */
const markedMs = 3_000;

let mark: vscode.TextEditorDecorationType | null = null;
let timer: NodeJS.Timeout | null = null;

/** Marks whole lines, in place of those marked before. */
export function highlightLines(editor: vscode.TextEditor, range: vscode.Range): void {
  clear();
  mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    // High-contrast themes have a border instead of a background.
    border: '1px solid',
    borderColor: new vscode.ThemeColor('editor.rangeHighlightBorder'),
    overviewRulerColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
  });
  editor.setDecorations(mark, [range]);
  timer = setTimeout(clear, markedMs);
}

function clear(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  // Disposing the type removes its marks from all editors.
  mark?.dispose();
  mark = null;
}
