/** Loci: Suggest Next Edit. The model's next change near the cursor, to accept or discard. */

import * as vscode from 'vscode';
import { failureSentence } from '../../engine-client/failure.ts';
import { isCode } from '../../engine-client/is-code.ts';
import type { EngineSession } from '../../engine-client/session.ts';
import { memoryOf } from '../../engine-client/session-state.ts';
import { nextEditRequest } from '../../protocol/requests/next-edit.ts';
import type { NextEdit, NextEditParameters } from '../../protocol/requests/next-edit.ts';
import { completionEnabled } from '../../settings/settings.ts';
import { pathInRoots } from '../editor/workspace-path.ts';
import { linesAround, withChange } from './next-edit-text.ts';
import type { Proposals } from './proposals.ts';
import type { RecentEdits } from './recent-edits.ts';

/** The longest region has about this many. */
const maxTokens = 640;

/** Asks for a change near the cursor and proposes it, or says why there is none. */
export async function suggestNextEdit(
  session: EngineSession,
  recent: RecentEdits,
  proposals: Proposals,
): Promise<void> {
  const sentence = await suggested(session, recent, proposals);
  if (sentence !== null) void vscode.window.showInformationMessage(sentence);
}

/** Returns what to tell the user; null: nothing, or it was told. */
async function suggested(
  session: EngineSession,
  recent: RecentEdits,
  proposals: Proposals,
): Promise<string | null> {
  const editor = vscode.window.activeTextEditor;
  const path =
    editor?.document.uri.scheme === 'file'
      ? pathInRoots(editor.document.uri.fsPath, session.roots)
      : null;
  const memory = memoryOf(session.state);
  if (memory === null) return 'Nothing is read yet. Run Loci: Read Repository first.';
  if (editor === undefined || path === null) return 'Open a file of the folders that were read.';
  const { document } = editor;
  if (!completionEnabled(document)) {
    return 'Turn on the setting loci.completion.enabled to have next edits suggested.';
  }
  if (memory.model.bundled) {
    return 'The bundled model does not suggest next edits. Choose one that was trained for it, such as Sweep Next-Edit or Zeta.';
  }
  const around = linesAround(document, editor.selection.active);
  if (around === null) return 'This line is too long. Place the cursor in another one.';
  const { version } = document;
  const answer = await ask(session, { path, ...around, edits: recent.list(), maxTokens });
  if (answer === null) return null;
  if (answer.change === null) return 'The model suggests no edit here.';
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const after = withChange(document.getText(), answer.change, eol);
  if (document.version !== version || after === null) {
    return 'The file has changed while the edit was written. Run the command again.';
  }
  await proposals.show(document, after);
  return null;
}

/** Returns null where nothing was answered, which the user was told or wanted. */
async function ask(
  session: EngineSession,
  parameters: NextEditParameters,
): Promise<NextEdit | null> {
  const title = 'Loci suggests the next edit…';
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => {
        abort.abort();
      });
      try {
        const answer = await session.lookUp(nextEditRequest, parameters, abort.signal);
        return abort.signal.aborted ? null : answer;
      } catch (error) {
        if (!abort.signal.aborted && !isCode(error, 'cancelled')) {
          void vscode.window.showErrorMessage(failureSentence(error));
        }
        return null;
      }
    },
  );
}
