/** Loci: Edit Selection… Rewrites the selected code as the user says, as a change to accept. */

import * as vscode from 'vscode';
import type { EngineSession } from '../../engine-client/session.ts';
import { longestAnswerTokens } from '../../protocol/requests/ask.ts';
import { recallMode } from '../../settings/settings.ts';
import { mentionOf } from '../editor/selection.ts';
import { unsavedDocuments } from '../editor/unsaved-documents.ts';
import { askWithProgress } from '../host/ask-with-progress.ts';
import { spanOf } from './apply-code.ts';
import { codeOf } from './code-of.ts';
import { placeCode } from './place-code.ts';
import type { Proposals } from './proposals.ts';

/** Asks for an instruction, asks the model, and proposes what it writes. */
export async function editSelection(
  session: Pick<EngineSession, 'ask' | 'roots'>,
  proposals: Proposals,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const mention =
    editor === undefined || editor.selection.isEmpty
      ? null
      : mentionOf(editor.document, editor.selection, session.roots);
  if (editor === undefined || mention === null) {
    void vscode.window.showInformationMessage(
      'Select the code to edit in a file of this workspace.',
    );
    return;
  }
  const { document, selection } = editor;
  const before = document.getText();
  const span = spanOf(document, selection);
  const instruction = await vscode.window.showInputBox({
    title: 'Edit Selection',
    prompt: 'Say how to change the selected code.',
    placeHolder: 'Use a map in place of the loop',
    ignoreFocusOut: true,
  });
  if (instruction === undefined || instruction.trim() === '') return;
  const question = `Rewrite this code: ${mention}\n${instruction.trim()}\nWrite only the new code of these lines, in one code block.`;
  const answer = await askWithProgress(session, 'Loci rewrites the selection…', () =>
    Promise.resolve({
      question,
      recall: recallMode(),
      maxTokens: longestAnswerTokens,
      seed: 0,
      temperature: 0,
      documents: unsavedDocuments(vscode.workspace.textDocuments, session.roots),
    }),
  );
  if (answer === null) return;
  const code = codeOf(answer);
  if (!code.ok) {
    void vscode.window.showWarningMessage(code.message);
    return;
  }
  if (document.getText() !== before) {
    void vscode.window.showWarningMessage(
      'The file has changed while the code was written. Select the code and try again.',
    );
    return;
  }
  await proposals.show(document, placeCode(before, code.text, span, null).text);
}
