/** Where questions are written. Enter asks, Shift+Enter breaks the line, Escape stops. */

import { longestQuestion } from '../../extension/protocol/webview.ts';
import { element, iconButton } from '../common/dom.ts';

export interface AskBoxOptions {
  readonly onAsk: (question: string) => void;
  readonly onStop: () => void;
  readonly onDraft: (draft: string) => void;
}

/** The box and its one button, which asks or stops. */
export class AskBox {
  readonly root: HTMLElement;
  readonly #options: AskBoxOptions;
  readonly #input: HTMLTextAreaElement;
  readonly #send: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  #busy = false;

  /** @param draft what was written before the view was hidden */
  constructor(options: AskBoxOptions, draft: string) {
    this.#options = options;
    this.#input = element('textarea', {
      label: 'Question about this repository',
      attributes: {
        rows: '1',
        maxlength: String(longestQuestion),
        placeholder: 'Ask about this repository',
        spellcheck: 'false',
      },
    });
    this.#input.value = draft;
    this.#send = iconButton('send', 'Ask (Enter)', () => {
      this.#ask();
    });
    this.#stop = iconButton('debug-stop', 'Stop (Escape)', options.onStop);
    this.root = element('div', { class: 'ask' }, this.#input, this.#send, this.#stop);
    this.#input.addEventListener('input', () => {
      this.#onInput();
    });
    this.#input.addEventListener('keydown', (event) => {
      this.#onKey(event);
    });
    this.update(false, true);
  }

  /**
   * Shows what can be done.
   * @param busy a question is open: the button stops it
   * @param enabled there is something to ask about
   */
  update(busy: boolean, enabled: boolean): void {
    // The focus goes where the button went, so that the keyboard is not lost.
    const focused = document.activeElement === this.#send || document.activeElement === this.#stop;
    this.#busy = busy;
    this.#input.disabled = !enabled;
    this.#send.hidden = busy;
    this.#stop.hidden = !busy;
    this.#send.disabled = this.#input.value.trim() === '';
    if (focused) this.focus();
  }

  /** Puts the caret into the box. */
  focus(): void {
    this.#input.focus();
  }

  /** Begins the question with a text, in front of what is written already. */
  begin(text: string): void {
    const written = this.#input.value;
    this.#input.value = text + written;
    this.#input.setSelectionRange(text.length, text.length);
    this.focus();
    this.#onInput();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#ask();
    }
  }

  #onInput(): void {
    this.#send.disabled = this.#input.value.trim() === '';
    this.#options.onDraft(this.#input.value);
  }

  #ask(): void {
    const question = this.#input.value.trim();
    if (this.#busy || question === '') return;
    this.#input.value = '';
    this.#onInput();
    this.#options.onAsk(question);
  }
}
