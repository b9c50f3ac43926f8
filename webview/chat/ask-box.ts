/**
 * The box for questions. `@` and `/` open a list of what they may mean. Enter asks, Shift+Enter breaks the line, Escape stops, and Arrow Up in an
 * empty box recalls earlier questions.
 */

import { longestQuestion } from '../../extension/protocol/webview.ts';
import { fullCount } from '../../extension/report/format.ts';
import { element, iconButton } from '../common/dom.ts';
import { isComposing } from '../common/keys.ts';
import { acceptFiles } from './file-drop.ts';
import { QuestionCompletion } from './question-completion.ts';
import { QuestionWeightLine } from './question-weight.ts';
import { QuestionHistory } from './question-history.ts';

export interface AskBoxOptions {
  readonly onAsk: (question: string) => void;
  readonly onStop: () => void;
  readonly onDraft: (draft: string) => void;
  /** Asks for what an `@` may mean, and for how much room a question takes. */
  readonly onSuggest: (query: string) => void;
  readonly onWeigh: (question: string) => void;
  /** Asks how a question names files and folders that were dropped on it. */
  readonly onDrop: (uris: string[]) => void;
  /** Earlier questions, newest last. */
  readonly earlier: () => readonly string[];
}

export interface AskBoxState {
  /** Whether a question is open, so that the button stops it. */
  readonly busy: boolean;
  /** Whether the open question waits until the repository is read. */
  readonly waiting: boolean;
  /** Whether there is something to ask about. */
  readonly enabled: boolean;
}

/** The box and its button, which asks or stops. */
export class AskBox {
  readonly root: HTMLElement;
  readonly #options: AskBoxOptions;
  readonly #history: QuestionHistory;
  readonly #input: HTMLTextAreaElement;
  readonly #send: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly completion: QuestionCompletion;
  readonly weight: QuestionWeightLine;
  readonly #hint = element('p', { class: 'ask-hint hint', role: 'status' });
  #state: AskBoxState = { busy: false, waiting: false, enabled: true };

  /** @param draft the text from before the view was hidden */
  constructor(options: AskBoxOptions, draft: string) {
    this.#options = options;
    this.#history = new QuestionHistory(options.earlier);
    this.#input = element('textarea', {
      label: 'Question about this repository',
      attributes: {
        rows: '1',
        maxlength: String(longestQuestion),
        placeholder: 'Ask (@ code, / commands)',
        spellcheck: 'false',
        'aria-describedby': 'ask-weight',
      },
    });
    this.#input.value = draft;
    this.#send = iconButton('send', 'Ask (Enter)', () => {
      this.#ask();
    });
    this.#stop = iconButton('debug-stop', 'Stop (Escape)', options.onStop);
    const box = element('div', { class: 'ask' }, this.#input, this.#send, this.#stop);
    this.weight = new QuestionWeightLine(options.onWeigh);
    this.completion = new QuestionCompletion({
      input: this.#input,
      onSuggest: options.onSuggest,
      onChange: () => {
        this.#onInput();
      },
    });
    const list = this.completion.root;
    this.root = element('div', { class: 'ask-area' }, this.#hint, list, box, this.weight.root);
    this.#input.addEventListener('input', () => {
      this.#onInput();
    });
    this.#input.addEventListener('keydown', (event) => {
      if (!isComposing(event) && !this.completion.onKey(event)) this.#onKey(event);
    });
    acceptFiles(box, () => this.#state.enabled, options.onDrop);
    this.weight.follow(draft);
    this.update(this.#state);
  }

  /** Shows the available actions. */
  update(state: AskBoxState): void {
    // Move the focus to the new button, so that keyboard users keep their place.
    const focused = document.activeElement === this.#send || document.activeElement === this.#stop;
    const { busy, waiting, enabled } = state;
    if (this.#state.busy && !busy) this.#hint.textContent = '';
    this.#state = state;
    this.#input.disabled = !enabled;
    this.#send.hidden = busy;
    this.#stop.hidden = !busy;
    this.#stop.title = waiting ? 'Withdraw the question (Escape)' : 'Stop (Escape)';
    this.#stop.setAttribute('aria-label', this.#stop.title);
    this.#send.disabled = this.#input.value.trim() === '';
    if (focused) this.focus();
  }

  /** Focuses the box. */
  focus(): void {
    this.#input.focus();
  }

  /** Asks; if another question is open or the text is too long, keeps the text and shows why. */
  ask(question: string): boolean {
    if (question === '' || !this.#state.enabled) return false;
    if (this.#state.busy) {
      this.#sayBusy();
      return false;
    }
    if (question.length > longestQuestion) {
      this.#hint.textContent = `Shorten the question to ${fullCount(longestQuestion)} characters.`;
      return false;
    }
    this.#options.onAsk(question);
    return true;
  }

  /**
   * Inserts a text before the current one; a text that does not end with a space gets its own line.
   * If another question is open, shows that instead.
   */
  begin(text: string): void {
    const written = this.#input.value;
    const begun = written === '' || /\s$/u.test(text) ? text : `${text}\n`;
    this.#input.value = begun + written;
    this.#input.setSelectionRange(begun.length, begun.length);
    this.focus();
    this.#onInput();
    if (this.#state.busy) this.#sayBusy();
  }

  /**
   * Inserts words where the caret is, apart from those around it.
   * @param hint what to say under them; null: nothing
   */
  insert(text: string, hint: string | null): void {
    if (text !== '') {
      const { value, selectionStart, selectionEnd } = this.#input;
      const before = /(?:^|\s)$/u.test(value.slice(0, selectionStart)) ? '' : ' ';
      const after = /^\s/u.test(value.slice(selectionEnd)) ? '' : ' ';
      this.#input.setRangeText(`${before}${text}${after}`, selectionStart, selectionEnd, 'end');
      this.#onInput();
    }
    this.focus();
    if (hint !== null) this.#hint.textContent = hint;
  }

  #sayBusy(): void {
    this.#hint.textContent = this.#state.waiting
      ? 'The last question is still waiting. Press Escape to withdraw it.'
      : 'An answer is still being written. Press Escape to stop it.';
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#ask();
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
      const question = this.#history.move(this.#input.value, event.key === 'ArrowUp' ? 1 : -1);
      if (question === null) return;
      event.preventDefault();
      this.#input.value = question;
      this.#onInput();
    }
  }

  #onInput(): void {
    this.#hint.textContent = '';
    this.#send.disabled = this.#input.value.trim() === '';
    this.#options.onDraft(this.#input.value);
    this.weight.follow(this.#input.value);
    this.completion.follow();
  }

  #ask(): void {
    if (!this.ask(this.#input.value.trim())) return;
    this.#input.value = '';
    this.#onInput();
  }
}
