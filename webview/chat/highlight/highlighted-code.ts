/** The code of an answer's blocks, with a colour for each token, kept while the answer is written. */

import { appendAll, element, fill } from '../../common/dom.ts';
import { Highlighter } from './highlighter.ts';
import type { Token } from './highlighter.ts';
import { languageOf } from './languages.ts';

/** The blocks of an answer, in their order. */
export class HighlightedBlocks {
  #blocks: HighlightedCode[] = [];
  #shown = 0;

  /** Starts again with the first block, when the answer has grown. */
  begin(): void {
    this.#blocks.length = this.#shown;
    this.#shown = 0;
  }

  /**
   * Returns the next block's text as an element, which the block had before if it has only grown.
   * @param info what is behind the fence's marks
   */
  next(info: string, code: string): HTMLElement {
    const at = this.#shown++;
    let block = this.#blocks[at];
    if (block?.update(info, code) !== true) {
      block = new HighlightedCode(info);
      block.update(info, code);
      this.#blocks[at] = block;
    }
    return block.root;
  }
}

/** The text of one block: lines that are complete keep their elements. */
class HighlightedCode {
  readonly root = element('code', {});
  readonly #info: string;
  readonly #highlighter: Highlighter | null;
  /** The text of the complete lines. */
  #complete = '';
  /** The last node of these lines; what is behind it is the line that is still written. */
  #last: ChildNode | null = null;

  constructor(info: string) {
    const language = languageOf(info);
    this.#info = info;
    this.#highlighter = language === null ? null : new Highlighter(language);
  }

  /** Shows the text that begins as the last one did; returns false if it is another block's. */
  update(info: string, code: string): boolean {
    if (info !== this.#info || !code.startsWith(this.#complete)) return false;
    if (this.#highlighter === null) {
      if (this.root.textContent !== code) fill(this.root, code);
      return true;
    }
    while (this.root.lastChild !== this.#last) this.root.lastChild?.remove();
    const lines = code.slice(this.#complete.length).split('\n');
    const open = lines.pop() ?? '';
    for (const line of lines) {
      this.#append(this.#highlighter.next(line));
      this.root.append('\n');
    }
    this.#last = this.root.lastChild;
    this.#complete = code.slice(0, code.length - open.length);
    this.#append(this.#highlighter.peek(open));
    return true;
  }

  #append(tokens: readonly Token[]): void {
    for (const { text, kind } of tokens) {
      if (kind === null) appendAll(this.root, [text]);
      else this.root.append(element('span', { class: `token-${kind}` }, text));
    }
  }
}
