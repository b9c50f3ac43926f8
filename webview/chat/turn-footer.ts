/** The footer of an answer: how it ended, its sources, and actions. */

import { counted, duration, fullCount, percent } from '../../extension/report/format.ts';
import type { Turn } from '../../extension/protocol/webview.ts';
import { longestCode } from '../../extension/protocol/webview.ts';
import type { Child } from '../common/dom.ts';
import { button, element, icon } from '../common/dom.ts';
import type { Host } from '../common/host.ts';
import { copyButton, insertButton } from './code-block.ts';
import { followUpNote, isFollowUp } from './follow-up.ts';
import type { Reference } from './mentions.ts';
import { referenceLink } from './reference.ts';

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
  const { answer, status, question } = turn;
  const actions = (result: Result | null): HTMLElement | null =>
    turnActions(turn, result, verbatim, options.host);
  const again = button('Ask Again', 'secondary', () => {
    options.onAskAgain(question);
  });
  switch (status.kind) {
    case 'waiting':
      return [pending(ready ? 'Thinking…' : 'Waiting for the repository to be read…')];
    case 'answering':
      return [answer === '' ? pending('Thinking…') : null];
    case 'stopped':
      return [note('circle-slash', 'Stopped.'), actionRow(again), actions(null)];
    case 'failed':
      return [failure(status.message), actionRow(again), actions(null)];
    case 'done':
      return [
        ...resultNotes(status.result, options),
        isFollowUp(question) && status.result.seenTurns === 0 ? note('info', followUpNote) : null,
        // The model did not write the passages, so its figures would be meaningless.
        actions(status.result.kind === 'text' ? status.result : null),
      ];
  }
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
  { id, answer }: Turn,
  result: Result | null,
  verbatim: boolean,
  host: Host,
): HTMLElement | null {
  if (answer === '') return null;
  return element(
    'div',
    { class: 'turn-actions' },
    copyButton('Copy Answer', { type: 'copy', id }, host),
    verbatim && answer.length <= longestCode ? insertButton(answer, host) : null,
    result === null ? null : element('span', { class: 'detail' }, figures(result)),
  );
}

function figures({ firstTokenMs, tokensPerSecond, outputTokens }: Result): string {
  const first = `first token after ${duration(firstTokenMs / 1000)}`;
  // A rate over one or two tokens is meaningless.
  return outputTokens < 3 ? first : `${first}, ${fullCount(tokensPerSecond)} tokens/s`;
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
