/** What becomes of a question that begins with a command. */

import { commandQuestion, readCommand } from '../../protocol/chat-commands.ts';
import type { SessionView } from '../../protocol/webview.ts';
import { describeMemory } from './describe-memory.ts';

export type Prepared =
  | { readonly kind: 'ask'; readonly question: string }
  /** Answered without the model. */
  | { readonly kind: 'answered'; readonly answer: string }
  /** Nothing to ask about; the sentence says what to do. */
  | { readonly kind: 'incomplete'; readonly message: string };

/**
 * Returns the question that is asked in place of what is written.
 * @param selection as a mention; null: nothing is selected
 * @param session for what is answered from the state
 */
export function prepareQuestion(
  text: string,
  selection: () => string | null,
  session: () => SessionView,
): Prepared {
  const written = readCommand(text);
  if (written === null) return { kind: 'ask', question: text };
  if (written.command.prompt === null) {
    return { kind: 'answered', answer: describeMemory(session()) };
  }
  const question = commandQuestion(written, selection());
  if (question !== null) return { kind: 'ask', question };
  const name = `/${written.command.name}`;
  return {
    kind: 'incomplete',
    message:
      name === '/where'
        ? 'Write a name behind /where.'
        : `Select code in the editor, or name a file, a folder or a function with @ behind ${name}.`,
  };
}
