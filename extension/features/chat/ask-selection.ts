/** Begins a question about the selection in an editor. */

import * as vscode from 'vscode';
import type { Root } from '../editor/workspace-path.ts';
import type { ChatEntry } from './chat-entry.ts';
import { selectionMention } from '../editor/selection.ts';

/** Loci: Ask About This. Begins a question about the selection in the chat. */
export async function askAboutSelection(entry: ChatEntry, roots: readonly Root[]): Promise<void> {
  const mention = selectionMention(roots, true);
  if (mention === null) {
    void vscode.window.showInformationMessage('Open a file of this workspace to ask about it.');
    return;
  }
  await entry.open();
  entry.draft(`In ${mention}, `);
}
