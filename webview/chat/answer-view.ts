/** Shows the text of an answer as Markdown or verbatim. */

import type { Mention } from '../../extension/protocol/answer.ts';
import { appendAll, element, fill } from '../common/dom.ts';
import { isMarkdown, longestMarkdown } from './answer-mode.ts';
import { HighlightedBlocks } from './highlight/highlighted-code.ts';
import { parseMarkdown } from './markdown.ts';
import { linkedText, markdownElements } from './markdown-view.ts';
import type { AnswerContext } from './markdown-view.ts';
import { Mentions } from './mentions.ts';

const noMentions = new Mentions([]);

export type AnswerOptions = Omit<AnswerContext, 'mentions' | 'target' | 'blocks'>;

export interface ShownAnswer {
  readonly text: string;
  /** Whether the answer is complete. */
  readonly done: boolean;
  readonly mentions: readonly Mention[];
  /** The file that the question was about; null: it named none. */
  readonly target: string | null;
}

/** Shows one answer while it is written. */
export class AnswerView {
  readonly root = element('div', { class: 'answer' });
  readonly #options: AnswerOptions;
  readonly #blocks = new HighlightedBlocks();
  #verbatim = false;

  /** @param options the handlers of links and buttons */
  constructor(options: AnswerOptions) {
    this.#options = options;
  }

  /** Whether the answer is shown verbatim. */
  get verbatim(): boolean {
    return this.#verbatim;
  }

  /** Shows the current answer. */
  update({ text, done, mentions, target }: ShownAnswer): void {
    const linked = text.length <= longestMarkdown && mentions.length > 0;
    const known = linked ? new Mentions(mentions) : noMentions;
    const context = { ...this.#options, mentions: known, target, blocks: this.#blocks };
    const tree = isMarkdown(text, done) ? parseMarkdown(text) : null;
    this.#verbatim = tree === null && text !== '';
    fill(this.root);
    this.#blocks.begin();
    if (tree !== null) appendAll(this.root, markdownElements(tree, context));
    else if (text !== '') {
      this.root.append(verbatim(text, (part, whole) => linkedText(part, context, whole)));
    }
    this.root.classList.toggle('streaming', !done && text !== '');
  }

  /** Shows only the text, after drawing the answer failed. */
  updatePlainly(text: string): void {
    this.#verbatim = true;
    this.root.replaceChildren(...(text === '' ? [] : [verbatim(text, (part) => [part])]));
    this.root.classList.remove('streaming');
  }
}

/** The browser lays out parts of this length in milliseconds, and only when visible. */
const longestPart = 4_000;

/**
 * Shows text verbatim. Splits long text into parts, at line ends if possible, because layout time
 * grows faster than the text.
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

/** Returns whether an offset is inside a surrogate pair. */
function isCut(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
