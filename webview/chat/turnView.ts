/** One question and its answer, with what the answer rests on. */

import { counted, duration, fullCount, percent } from '../../extension/protocol/format.ts';
import type { Turn } from '../../extension/protocol/webview.ts';
import { element, fill, icon, iconButton } from '../common/dom.ts';
import type { Host } from '../common/host.ts';
import { parseMarkdown } from './markdown.ts';
import { markdownElements, referenceLink } from './markdownView.ts';
import { passagesView } from './passages.ts';
import type { Reference } from './references.ts';

type Result = Extract<Turn['status'], { kind: 'done' }>['result'];

const signalText = {
  attention: 'attention',
  identifiers: 'names',
  both: 'attention and names',
} as const;

const attendedText = {
  memory: 'Answered from memory alone; nothing was read again.',
  recalled: 'Answered from the lines that were read again.',
  'memory+recalled': 'Answered from memory and from the lines that were read again.',
} as const;

/** A turn on screen, which follows its turn as that changes. */
export class TurnView {
  readonly root: HTMLElement;
  readonly #host: Host;
  readonly #answer = element('div', { class: 'answer' });
  readonly #footer = element('div', { class: 'turn-footer' });
  #shown: Turn | null = null;
  #shownReady = false;

  /** @param question never changes */
  constructor(host: Host, question: string) {
    this.#host = host;
    this.root = element(
      'article',
      { class: 'turn', label: `Question: ${question}` },
      element('div', { class: 'question' }, question),
      this.#answer,
      this.#footer,
    );
  }

  /** Shows a turn as it is now. `ready`: whether the repository has been read. */
  update(turn: Turn, ready: boolean): void {
    const before = this.#shown;
    this.#shown = turn;
    if (before?.answer !== turn.answer || before.status.kind !== turn.status.kind) {
      this.#showAnswer(turn);
    }
    // Rebuilt only when it says something else: it holds the focus and what was folded out.
    const emptiness = (before?.answer === '') !== (turn.answer === '');
    if (before?.status !== turn.status || emptiness || this.#shownReady !== ready) {
      this.#shownReady = ready;
      this.#showFooter(turn, ready);
    }
  }

  readonly #open = ({ path, fromLine, toLine }: Reference): void => {
    this.#host.open(path, fromLine, toLine);
  };

  #showAnswer({ answer, status }: Turn): void {
    if (status.kind === 'done' && status.result.kind === 'passages') {
      fill(this.#answer, ...passagesView(status.result, this.#open));
      return;
    }
    const paths =
      status.kind === 'done'
        ? [...status.result.citations, ...status.result.recalled].map(({ path }) => path)
        : [];
    fill(this.#answer, ...markdownElements(parseMarkdown(answer, paths), this.#open));
    this.#answer.classList.toggle('streaming', status.kind === 'answering' && answer !== '');
  }

  #showFooter({ id, answer, status }: Turn, ready: boolean): void {
    switch (status.kind) {
      case 'waiting':
        fill(this.#footer, pending(ready ? 'Thinking…' : 'Waits until the repository is read…'));
        return;
      case 'answering':
        fill(this.#footer, answer === '' ? pending('Thinking…') : null);
        return;
      case 'stopped':
        fill(this.#footer, note('circle-slash', 'Stopped.'), this.#actions(id, answer, null));
        return;
      case 'failed':
        fill(this.#footer, failure(status.message), this.#actions(id, answer, null));
        return;
      case 'done':
        this.#showResult(id, status.result);
    }
  }

  #showResult(id: number, result: Result): void {
    const { kind, citations, recalled, stopReason, notices } = result;
    fill(
      this.#footer,
      result.answer === '' ? note('info', 'The model had nothing to say.') : null,
      stopReason === 'cancelled' ? note('circle-slash', 'Stopped.') : null,
      stopReason === 'length' ? note('info', 'Cut off at the longest allowed answer.') : null,
      ...notices.map((text) => note('info', text)),
      citations.length === 0 || kind === 'passages' ? null : this.#citations(result),
      recalled.length === 0 ? null : this.#recalled(result),
      this.#actions(id, result.answer, kind === 'text' ? result : null),
    );
  }

  #citations({ citations }: Result): HTMLElement {
    const links = citations.map(({ path, line }) => {
      const text = `${path}:${String(line)}`;
      return element(
        'li',
        {},
        referenceLink(text, { path, fromLine: line, toLine: line }, this.#open),
      );
    });
    return element('ul', { class: 'citations', label: 'Sources' }, ...links);
  }

  #recalled({ recalled, recalledShare, attended }: Result): HTMLElement {
    const tokens = recalled.reduce((sum, span) => sum + span.tokens, 0);
    const rows = recalled.map((span) => {
      const { path, fromLine, toLine } = span;
      const lines =
        fromLine === toLine ? String(fromLine) : `${String(fromLine)}-${String(toLine)}`;
      return element(
        'li',
        { class: 'recalled-span' },
        referenceLink(`${path}:${lines}`, { path, fromLine, toLine }, this.#open),
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
        `Read again: ${counted(recalled.length, 'passage')}, ${counted(tokens, 'token')}`,
      ),
      element(
        'div',
        { class: 'recalled-body' },
        element('ul', {}, ...rows),
        element(
          'p',
          { class: 'detail' },
          `${attendedText[attended]} They filled ${percent(recalledShare)} of the room for a question.`,
        ),
      ),
    );
  }

  #actions(id: number, answer: string, result: Result | null): HTMLElement | null {
    if (answer === '') return null;
    const copy = iconButton('copy', 'Copy answer', () => {
      this.#host.post({ type: 'copy', id });
      copy.firstElementChild?.classList.replace('codicon-copy', 'codicon-check');
      setTimeout(() => {
        copy.firstElementChild?.classList.replace('codicon-check', 'codicon-copy');
      }, 1_500);
    });
    return element(
      'div',
      { class: 'turn-actions' },
      copy,
      result === null ? null : element('span', { class: 'detail' }, figures(result)),
    );
  }
}

function figures({ firstTokenMs, tokensPerSecond, outputTokens }: Result): string {
  const first = `first token after ${duration(firstTokenMs / 1000)}`;
  // A rate over one or two tokens says nothing.
  return outputTokens < 3 ? first : `${first}, ${fullCount(tokensPerSecond)} tokens/s`;
}

function pending(text: string): HTMLElement {
  return element('p', { class: 'pending' }, icon('loading', 'spin'), text);
}

function note(name: string, text: string): HTMLElement {
  return element('p', { class: 'note' }, icon(name), text);
}

function failure(message: string): HTMLElement {
  return element('p', { class: 'note failure', role: 'alert' }, icon('error'), message);
}
