/** The text of an answer on screen: as Markdown, or to the letter. */

import type { Mention } from '../../extension/protocol/answer.ts';
import { appendAll, element, fill } from '../common/dom.ts';
import { isMarkdown, longestMarkdown } from './answer-mode.ts';
import { parseMarkdown } from './markdown.ts';
import { linkedText, markdownElements } from './markdown-view.ts';
import type { AnswerContext } from './markdown-view.ts';
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
      this.root.append(verbatim(text, (part, whole) => linkedText(part, context, whole)));
    }
    this.root.classList.toggle('streaming', !done && text !== '');
  }

  /** Shows the text and nothing else: for an answer whose drawing failed. */
  updatePlainly(text: string): void {
    this.#verbatim = true;
    this.root.replaceChildren(...(text === '' ? [] : [verbatim(text, (part) => [part])]));
    this.root.classList.remove('streaming');
  }
}

/** Parts of this length are laid out in milliseconds, whatever they hold, and only when in sight. */
const longestPart = 4_000;

/**
 * Text to the letter. A long one stands in several parts, as the time of the layout grows faster
 * than the text; they end with a line where there is one.
 */
function verbatim(
  text: string,
  content: (part: string, whole: boolean) => (Node | string)[],
): HTMLElement {
  const made = element('div', { class: 'verbatim' });
  if (text.length <= longestPart) {
    appendAll(made, content(text, true));
    return made;
  }
  for (let from = 0; from < text.length;) {
    const limit = from + longestPart;
    const whole = text.slice(from, limit - (isCut(text, limit) ? 1 : 0));
    const lines = limit < text.length ? whole.lastIndexOf('\n') + 1 : 0;
    const shown = lines > 0 ? whole.slice(0, lines) : whole;
    const part = element('div', { class: 'verbatim-part' });
    appendAll(part, content(shown, false));
    made.append(part);
    from += shown.length;
  }
  return made;
}

/** Whether an offset lies inside a character of two units. */
function isCut(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
