/** A question, and the box in which it is edited. */

import { longestQuestion } from '../../extension/protocol/webview.ts';
import { button, element, fill, iconButton } from '../common/dom.ts';
import { isComposing } from '../common/keys.ts';

export interface QuestionOptions {
  readonly question: string;
  /** Called with the question that is to be asked in its place. */
  readonly onEdited: (question: string) => void;
}

/** Shows the question; its button replaces it with a box until the user asks or cancels. */
export class QuestionView {
  readonly root = element('div', { class: 'question-row' });
  readonly #options: QuestionOptions;
  readonly #edit: HTMLButtonElement;

  /** @param options the question, which never changes, and what follows from an edit */
  constructor(options: QuestionOptions) {
    this.#options = options;
    this.#edit = iconButton('edit', 'Edit Question', () => {
      this.#open();
    });
    this.#edit.classList.add('on-hover');
    this.#show();
  }

  #show(): void {
    const { question } = this.#options;
    fill(this.root, this.#edit, element('div', { class: 'question' }, question));
  }

  #open(): void {
    const { question } = this.#options;
    const input = element('textarea', {
      label: 'Edited question',
      attributes: { rows: '1', maxlength: String(longestQuestion), spellcheck: 'false' },
    });
    input.value = question;
    const ask = button('Ask', 'primary', () => {
      this.#ask(input.value);
    });
    const cancel = button('Cancel', 'secondary', () => {
      this.#leave();
    });
    input.addEventListener('input', () => {
      ask.disabled = input.value.trim() === '';
    });
    const box = element(
      'div',
      { class: 'question-edit', role: 'group', label: 'Edit Question' },
      input,
      element('div', { class: 'panel-actions' }, ask, cancel),
    );
    box.addEventListener('keydown', (event) => {
      if (isComposing(event)) return;
      if (event.key === 'Escape') {
        // Escape would stop an answer, too.
        event.stopPropagation();
        this.#leave();
      } else if (event.key === 'Enter' && !event.shiftKey && event.target === input) {
        event.preventDefault();
        this.#ask(input.value);
      }
    });
    fill(this.root, box);
    input.focus();
    input.select();
  }

  #ask(text: string): void {
    const question = text.trim();
    if (question === '') return;
    this.#show();
    this.#options.onEdited(question);
  }

  #leave(): void {
    this.#show();
    this.#edit.focus();
  }
}
