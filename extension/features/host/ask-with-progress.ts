/** A question that a command asks, outside of the chat. */

import * as vscode from 'vscode';
import { failureSentence } from '../../engine-client/failure.ts';
import { isCode } from '../../engine-client/is-code.ts';
import type { EngineSession } from '../../engine-client/session.ts';
import type { Answer } from '../../protocol/answer.ts';
import type { AskParameters } from '../../protocol/requests/ask.ts';

/**
 * Asks, and shows how far the answer is.
 * @param title what is done, for the notification
 * @param parameters of the question; a function is called while the notification is shown, and may
 *   return null where there is nothing to ask
 * @returns the answer; null if it was cancelled or failed, which the user was told
 */
export async function askWithProgress(
  session: Pick<EngineSession, 'ask'>,
  title: string,
  parameters: (signal: AbortSignal) => Promise<AskParameters | null>,
): Promise<Answer | null> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => {
        abort.abort();
      });
      let written = 0;
      try {
        const asked = await parameters(abort.signal);
        if (asked === null) return null;
        const answer = await session.ask(
          asked,
          (text) => {
            written += text.length;
            progress.report({ message: `${String(written)} characters` });
          },
          abort.signal,
        );
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
