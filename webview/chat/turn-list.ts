/** The conversation on screen: one view per turn, or a few words if there is none. */

import { summaryOf } from '../../extension/protocol/webview.ts';
import type { Turn } from '../../extension/protocol/webview.ts';
import type { SessionView } from '../../extension/protocol/webview.ts';
import { element } from '../common/dom.ts';
import { emptyConversation } from './bundled-notice.ts';
import type { TurnOptions } from './turn-view.ts';
import { TurnView } from './turn-view.ts';

/** Updates the views of turns to the turns. */
export class TurnList {
  readonly root = element('div', { class: 'turns' });
  readonly #options: TurnOptions;
  readonly #views = new Map<number, TurnView>();
  #emptyKey: string | null = null;

  /** @param options passed to every turn */
  constructor(options: TurnOptions) {
    this.#options = options;
  }

  /** Whether there are no turns yet. */
  get empty(): boolean {
    return this.#emptyKey !== null;
  }

  /** Returns a turn's element; undefined if there is no such turn. */
  rootOf(id: number): HTMLElement | undefined {
    return this.#views.get(id)?.root;
  }

  /** Shows these turns. */
  update(turns: readonly Turn[], session: SessionView): void {
    const ready = summaryOf(session) !== null;
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
    this.#showEmpty(turns.length === 0 ? session : null);
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

  /** Suggests questions while none has been asked. */
  #showEmpty(session: SessionView | null): void {
    const summary = session === null ? null : summaryOf(session);
    const key =
      summary === null ? null : [String(summary.bundled), ...summary.suggestions].join('\n');
    if (key === this.#emptyKey) return;
    this.#emptyKey = key;
    this.root.querySelector('.empty')?.remove();
    if (summary === null) return;
    const { bundled, suggestions } = summary;
    this.root.append(emptyConversation(bundled, suggestions, this.#options.host));
  }
}
