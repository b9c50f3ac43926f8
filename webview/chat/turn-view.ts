/** A question and its answer, with the answer's sources. */

import type { Turn } from '../../extension/protocol/webview.ts';
import { element, fill } from '../common/dom.ts';
import type { Host } from '../common/host.ts';
import { AnswerView } from './answer-view.ts';
import type { Reference } from './mentions.ts';
import { passagesView } from './passages.ts';
import { QuestionView } from './question-view.ts';
import { ReasoningView } from './reasoning-view.ts';
import { note, turnFooter } from './turn-footer.ts';

export interface TurnOptions {
  readonly host: Host;
  readonly onAskAgain: (question: string) => void;
  /** Called when an action took the focus away with its button. */
  readonly onFocusLost: () => void;
}

/** The view of a turn, updated when the turn changes. */
export class TurnView {
  readonly root: HTMLElement;
  readonly #options: TurnOptions;
  readonly #unknownNames = element('div', { class: 'unknown-names' });
  readonly #reasoning = new ReasoningView();
  readonly #answer: AnswerView;
  readonly #footer = element('div', { class: 'turn-footer' });
  #shown: Turn | null = null;
  #shownReady = false;

  /** @param turn its number and question, which never change */
  constructor(options: TurnOptions, { id, question }: Pick<Turn, 'id' | 'question'>) {
    this.#options = options;
    const shown = new QuestionView({
      question,
      onEdited: (edited) => {
        options.host.post({ type: 'edit', id, question: edited });
        options.onFocusLost();
      },
    });
    this.#answer = new AnswerView({ host: options.host, onOpen: this.#open });
    this.root = element(
      'article',
      { class: 'turn', label: `Question: ${question}` },
      shown.root,
      this.#unknownNames,
      this.#reasoning.root,
      this.#answer.root,
      this.#footer,
    );
  }

  /**
   * Shows the current turn. If that fails, shows the answer as plain text and reports the failure,
   * which must not affect other turns.
   * @param ready whether the repository has been read
   */
  update(turn: Turn, ready: boolean): void {
    const before = this.#shown;
    const beforeReady = this.#shownReady;
    this.#shown = turn;
    this.#shownReady = ready;
    if (before === turn && beforeReady === ready) return;
    try {
      this.#draw(turn, ready, before, beforeReady);
    } catch (error) {
      this.#options.host.fault(`A turn was not drawn: ${String(error)}`);
      this.#answer.updatePlainly(turn.answer);
      this.#footer.replaceChildren();
    }
  }

  readonly #open = ({ path, fromLine, toLine }: Reference): void => {
    this.#options.host.open(path, fromLine, toLine);
  };

  #draw(turn: Turn, ready: boolean, before: Turn | null, beforeReady: boolean): void {
    const { answer, status } = turn;
    this.#reasoning.update(turn);
    if (before?.answer !== answer || before.status !== status) {
      const result = status.kind === 'done' ? status.result : null;
      const names = result?.unknownNames ?? [];
      fill(
        this.#unknownNames,
        ...names.map((name) =>
          note('info', element('code', {}, name), ' does not occur in what was read.'),
        ),
      );
      if (result?.kind === 'passages') {
        fill(this.#answer.root, ...passagesView(result, this.#open));
      } else {
        this.#answer.update({
          text: answer,
          done: status.kind !== 'answering' && status.kind !== 'waiting',
          mentions: result?.mentions ?? [],
          target: result?.recalled.find(({ signal }) => signal === 'mention')?.path ?? null,
        });
      }
    }
    // Rebuilt only if its content changes: it holds the focus and expanded parts.
    const emptiness = (before?.answer === '') !== (answer === '');
    if (before?.status !== status || emptiness || beforeReady !== ready) {
      const state = { turn, ready, verbatim: this.#answer.verbatim && !isPassages(status) };
      fill(this.#footer, ...turnFooter(state, { ...this.#options, onOpen: this.#open }));
    }
  }
}

function isPassages(status: Turn['status']): boolean {
  return status.kind === 'done' && status.result.kind === 'passages';
}
