/** Tells the user what the bundled model can and cannot do, and what to ask it. */

import type { MemorySummary } from '../../extension/protocol/webview.ts';
import { button, element, icon } from '../common/dom.ts';
import type { Host } from '../common/host.ts';

/** Shown above the conversation while the bundled model is in use; null with another model. */
export function bundledNotice({ bundled }: MemorySummary, host: Host): HTMLElement | null {
  if (!bundled) return null;
  return element(
    'div',
    { class: 'bundled-notice', role: 'note' },
    element(
      'p',
      { class: 'note' },
      icon('info'),
      element(
        'span',
        {},
        'The bundled model only answers questions about values, definitions and imports.',
      ),
    ),
    button('Choose a Model…', 'secondary', () => {
      host.act('choose-model');
    }),
  );
}

/** The start of a conversation: questions as buttons, if some are known to work. */
export function emptyConversation(
  bundled: boolean,
  suggestions: readonly string[],
  host: Host,
): HTMLElement {
  const questions = suggestions.map((question) =>
    button(question, 'secondary', () => {
      host.post({ type: 'ask', question });
    }),
  );
  return element(
    'div',
    { class: 'empty' },
    icon('comment-discussion'),
    element('p', {}, 'Ask where something is, what a value is, or who uses it.'),
    element(
      'p',
      { class: 'detail' },
      bundled
        ? 'For other questions, Loci shows the passages that match best.'
        : 'Answers name the files and lines that they use.',
    ),
    element(
      'p',
      { class: 'detail' },
      bundled
        ? 'Each question is answered on its own.'
        : 'A question may follow up on the answers before it.',
    ),
    questions.length === 0
      ? null
      : element(
          'div',
          { class: 'suggestions', role: 'group', label: 'Suggested questions' },
          ...questions,
        ),
  );
}
