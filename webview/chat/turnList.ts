/** The conversation on screen: one view a turn, and a few words while there is none. */

import type { Turn } from '../../extension/protocol/webview.ts';
import { element, icon } from '../common/dom.ts';
import type { TurnOptions } from './turnView.ts';
import { TurnView } from './turnView.ts';

/** Keeps the views of turns in step with the turns. */
export class TurnList {
  readonly root = element('div', { class: 'turns' });
  readonly #options: TurnOptions;
  readonly #views = new Map<number, TurnView>();

  /** @param options what every turn is given */
  constructor(options: TurnOptions) {
    this.#options = options;
  }

  /** Shows these turns. `ready`: whether the repository has been read. */
  update(turns: readonly Turn[], ready: boolean): void {
    const ids = new Set(turns.map(({ id }) => id));
    for (const [id, view] of this.#views) {
      if (ids.has(id)) continue;
      view.root.remove();
      this.#views.delete(id);
    }
    for (const turn of turns) {
      this.#options.host.attempt('Showing a turn', () => {
        this.#view(turn).update(turn, ready);
      });
    }
    this.#showEmpty(ready && turns.length === 0);
  }

  #view({ id, question }: Turn): TurnView {
    let view = this.#views.get(id);
    if (view === undefined) {
      view = new TurnView(this.#options, question);
      this.#views.set(id, view);
      this.root.append(view.root);
    }
    return view;
  }

  #showEmpty(empty: boolean): void {
    const shown = this.root.querySelector('.empty');
    if (!empty) shown?.remove();
    else if (shown === null) {
      this.root.append(
        element(
          'div',
          { class: 'empty' },
          icon('comment-discussion'),
          element('p', {}, 'Ask where something is, what a value is, or who uses it.'),
          element('p', { class: 'detail' }, 'Answers name the files and lines that they rest on.'),
        ),
      );
    }
  }
}
