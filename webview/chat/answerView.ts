/** The text of an answer on screen: as Markdown, or to the letter. */

import type { Mention } from '../../extension/protocol/engine.ts';
import { appendAll, element, fill } from '../common/dom.ts';
import { isMarkdown, longestMarkdown } from './answerMode.ts';
import { parseMarkdown } from './markdown.ts';
import { linkedText, markdownElements } from './markdownView.ts';
import type { AnswerContext } from './markdownView.ts';
import { Mentions } from './mentions.ts';

const noMentions = new Mentions([]);

export type AnswerOptions = Omit<AnswerContext, 'mentions'>;

export interface ShownAnswer {
  readonly text: string;
  /** Whether nothing more will come. */
  readonly done: boolean;
  readonly mentions: readonly Mention[];
}

/** Follows one answer as it is written. */
export class AnswerView {
  readonly root = element('div', { class: 'answer' });
  readonly #options: AnswerOptions;
  #verbatim = false;

  /** @param options who opens files and hears of buttons */
  constructor(options: AnswerOptions) {
    this.#options = options;
  }

  /** Whether the answer is shown to the letter. */
  get verbatim(): boolean {
    return this.#verbatim;
  }

  /** Shows the answer as it is now. */
  update({ text, done, mentions }: ShownAnswer): void {
    const linked = text.length <= longestMarkdown && mentions.length > 0;
    const context = { ...this.#options, mentions: linked ? new Mentions(mentions) : noMentions };
    const tree = isMarkdown(text, done) ? parseMarkdown(text) : null;
    this.#verbatim = tree === null && text !== '';
    fill(this.root);
    if (tree !== null) appendAll(this.root, markdownElements(tree, context));
    else if (text !== '') {
      const verbatim = element('div', { class: 'verbatim' });
      appendAll(verbatim, linkedText(text, context, true));
      this.root.append(verbatim);
    }
    this.root.classList.toggle('streaming', !done && text !== '');
  }

  /** Shows the text and nothing else: for an answer whose drawing failed. */
  updatePlainly(text: string): void {
    this.#verbatim = true;
    const plain = element('div', { class: 'verbatim' });
    plain.textContent = text;
    this.root.replaceChildren(...(text === '' ? [] : [plain]));
    this.root.classList.remove('streaming');
  }
}
