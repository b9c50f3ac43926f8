/** The footer of an answer: how it ended, its sources, and actions. */

import { counted, percent } from '../../extension/report/format.ts';
import type { Turn } from '../../extension/protocol/webview.ts';
import { longestCode } from '../../extension/protocol/webview.ts';
import type { Child } from '../common/dom.ts';
import { button, element, icon, iconButton } from '../common/dom.ts';
import type { Host } from '../common/host.ts';
import { copyButton, insertButton } from './code-block.ts';
import { followUpNote, isFollowUp } from './follow-up.ts';
import type { Reference } from './mentions.ts';
import { referenceLink } from './reference.ts';
import { turnDetails } from './turn-details.ts';

type Result = Extract<Turn['status'], { kind: 'done' }>['result'];

const signalText = {
  attention: 'attention',
  identifiers: 'names',
  both: 'attention and names',
  mention: 'your mention',
} as const;

const attendedText = {
  memory: 'The answer uses only the memory.',
  recalled: 'The answer uses only these passages.',
  'memory+recalled': 'The answer uses the memory and these passages.',
} as const;

export interface FooterOptions {
  readonly host: Host;
  readonly onOpen: (reference: Reference) => void;
  readonly onAskAgain: (question: string) => void;
  readonly onFocusLost: () => void;
}

export interface FooterState {
  readonly turn: Turn;
  /** Whether the repository has been read. */
  readonly ready: boolean;
  /** Whether the answer is shown verbatim. */
  readonly verbatim: boolean;
}

/** Makes the footer's content for the current turn. */
export function turnFooter(
  { turn, ready, verbatim }: FooterState,
  options: FooterOptions,
): readonly Child[] {
  const { status, question } = turn;
  const actions = turnActions(turn, verbatim, options);
  const again = button('Ask Again', 'secondary', () => {
    options.onAskAgain(question);
  });
  switch (status.kind) {
    case 'waiting':
      return [pending(ready ? 'Thinking…' : 'Waiting for the repository to be read…')];
    case 'answering':
      return [turn.answer === '' ? pending('Thinking…') : null];
    case 'stopped':
      return [note('circle-slash', 'Stopped.'), actionRow(again), actions];
    case 'failed':
      return [failure(status.message), actionRow(again), actions];
    case 'done':
      return [
        ...resultNotes(status.result, options),
        followUpWarning(question, status.result),
        // The model did not write the passages, so its figures would be meaningless.
        status.result.kind === 'text' ? turnDetails(status.result) : null,
        actions,
      ];
  }
}

/** Says that a follow-up was answered on its own, unless a notice says why. */
function followUpWarning(question: string, { earlierTurns }: Result): Child {
  return earlierTurns === 0 && isFollowUp(question) ? note('info', followUpNote) : null;
}

function resultNotes(result: Result, { onOpen }: FooterOptions): readonly Child[] {
  const { kind, answer, citations, recalled, stopReason, notices } = result;
  return [
    answer === '' && stopReason !== 'cancelled'
      ? note('info', 'The model returned an empty answer.')
      : null,
    stopReason === 'cancelled' ? note('circle-slash', 'Stopped.') : null,
    stopReason === 'repetition'
      ? note('info', 'The answer began to repeat itself and was stopped.')
      : null,
    stopReason === 'length' ? note('info', 'The answer reached its length limit.') : null,
    ...notices.map((text) => note('info', text)),
    citations.length === 0 || kind === 'passages' ? null : citationList(result, onOpen),
    recalled.length === 0 ? null : recalledDetails(result, onOpen),
  ];
}

function citationList({ citations }: Result, onOpen: FooterOptions['onOpen']): HTMLElement {
  const links = citations.map(({ path, line }) => {
    const text = `${path}:${String(line)}`;
    const reference = { path, fromLine: line, toLine: line };
    return element('li', {}, referenceLink(text, reference, onOpen));
  });
  return element('ul', { class: 'citations', label: 'Sources' }, ...links);
}

function recalledDetails(
  { recalled, recalledShare, attended }: Result,
  onOpen: FooterOptions['onOpen'],
): HTMLElement {
  const tokens = recalled.reduce((sum, span) => sum + span.tokens, 0);
  const rows = recalled.map((span) => {
    const { path, fromLine, toLine } = span;
    const lines = fromLine === toLine ? String(fromLine) : `${String(fromLine)}-${String(toLine)}`;
    return element(
      'li',
      { class: 'recalled-span' },
      referenceLink(`${path}:${lines}`, { path, fromLine, toLine }, onOpen),
      element(
        'span',
        { class: 'detail' },
        `${counted(span.tokens, 'token')}, by ${signalText[span.signal]}`,
      ),
    );
  });
  return element(
    'details',
    { class: 'recalled' },
    element(
      'summary',
      {},
      icon('chevron-right', 'twistie'),
      `Looked up ${counted(recalled.length, 'passage')}, ${counted(tokens, 'token')}`,
    ),
    element(
      'div',
      { class: 'recalled-body' },
      element('ul', {}, ...rows),
      element(
        'p',
        { class: 'detail' },
        `${attendedText[attended]} The passages use ${percent(recalledShare)} of the space for a question.`,
      ),
    ),
  );
}

function turnActions(
  { id, answer, status }: Turn,
  verbatim: boolean,
  { host, onFocusLost }: FooterOptions,
): HTMLElement | null {
  const again = iconButton('refresh', 'Answer Again', () => {
    host.post({ type: 'regenerate', id });
    onFocusLost();
  });
  again.classList.add('answer-again');
  const written = status.kind === 'done' && status.result.kind === 'text';
  if (answer === '' && !written) return null;
  return element(
    'div',
    { class: 'turn-actions on-hover' },
    answer === '' ? null : copyButton('Copy Answer', { type: 'copy', id }, host),
    verbatim && answer.length <= longestCode ? insertButton(answer, host) : null,
    written ? again : null,
  );
}

function actionRow(...children: readonly HTMLElement[]): HTMLElement {
  return element('div', { class: 'panel-actions' }, ...children);
}

function pending(text: string): HTMLElement {
  return element('p', { class: 'pending' }, icon('loading', 'spin'), element('span', {}, text));
}

/** A line of text with an icon that shows its meaning. */
export function note(name: string, ...text: readonly Child[]): HTMLElement {
  return element('p', { class: 'note' }, icon(name), element('span', {}, ...text));
}

/** A failure, announced by screen readers. */
function failure(message: string): HTMLElement {
  return element(
    'p',
    { class: 'note failure', role: 'alert' },
    icon('error'),
    element('span', {}, message),
  );
}
