/** The conversation on screen: one view per turn, or a few words if there is none. */

import { summaryOf } from '../../extension/protocol/webview.ts';
import type { Turn } from '../../extension/protocol/webview.ts';
import type { SessionView } from '../../extension/protocol/webview.ts';
import { element } from '../common/dom.ts';
import { emptyConversation } from './bundled-notice.ts';
import type { TurnOptions } from './turn-view.ts';
import { TurnView } from './turn-view.ts';
import { firstSeenTurn } from './unseen.ts';

/** Updates the views of turns to the turns. */
export class TurnList {
  readonly root = element('div', { class: 'turns' });
  readonly #options: TurnOptions;
  readonly #views = new Map<number, TurnView>();
  readonly #unseen = element(
    'p',
    { class: 'unseen hint', role: 'note' },
    'The model no longer sees the turns above.',
  );
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
    const summary = summaryOf(session);
    const ready = summary !== null;
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
    const kind = turns.at(-1)?.status.kind;
    this.root.classList.toggle('busy', kind === 'waiting' || kind === 'answering');
    // The bundled model writes the same answer every time.
    this.root.classList.toggle('surest', summary?.bundled === true);
    this.#showUnseen(turns);
    this.#showEmpty(turns.length === 0 ? session : null);
  }

  /** Marks where the turns begin that the model still sees. */
  #showUnseen(turns: readonly Turn[]): void {
    const first = firstSeenTurn(turns);
    const root = first === null ? undefined : this.rootOf(first);
    if (root === undefined) this.#unseen.remove();
    else if (root.previousElementSibling !== this.#unseen) root.before(this.#unseen);
  }

  #view(turn: Turn): TurnView {
    let view = this.#views.get(turn.id);
    if (view === undefined) {
      view = new TurnView(this.#options, turn);
      this.#views.set(turn.id, view);
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
