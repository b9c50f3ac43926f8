/** What the model wrote for itself before an answer, folded. */

import type { Turn } from '../../extension/protocol/webview.ts';
import { counted } from '../../extension/report/format.ts';
import { element, fill, icon, textNodes } from '../common/dom.ts';

/** Shows the reasoning of one turn while it is written; empty if there is none. */
export class ReasoningView {
  readonly root = element('div', { class: 'reasoning-slot' });
  readonly #title = element('span', {});
  readonly #text = element('div', { class: 'reasoning-text', attributes: { tabindex: '0' } });
  #shown = '';

  /** Shows the current state of a turn. */
  update(turn: Turn): void {
    const { status } = turn;
    const result = status.kind === 'done' ? status.result.reasoning : undefined;
    const text = result?.text ?? turn.reasoning ?? '';
    if (text.trim() === '') {
      fill(this.root);
      this.#shown = '';
      return;
    }
    if (this.#shown === '') fill(this.root, this.#fold());
    const writing = status.kind === 'answering' && turn.answer === '';
    const tokens = result === undefined ? '' : `, ${counted(result.tokens, 'token')}`;
    const cut = result?.cut === true ? ', ended early' : '';
    this.#title.textContent = writing ? 'Reasoning…' : `Reasoning${tokens}${cut}`;
    this.#show(text);
  }

  /** Appends what is new: a long text is not laid out again for each piece. */
  #show(text: string): void {
    if (text === this.#shown) return;
    if (this.#shown !== '' && text.startsWith(this.#shown)) {
      this.#text.append(...textNodes(text.slice(this.#shown.length)));
    } else {
      fill(this.#text, text.trim());
    }
    this.#shown = text;
  }

  #fold(): HTMLElement {
    return element(
      'details',
      { class: 'reasoning' },
      element('summary', {}, icon('chevron-right', 'twistie'), this.#title),
      this.#text,
    );
  }
}
