/** What can be chosen on the map: a search, the table, and what is shown beside. */

import { element, icon } from '../common/dom.ts';

/** What is chosen. */
export interface Choices {
  readonly search: string;
  readonly table: boolean;
  readonly overlay: boolean;
  readonly details: boolean;
}

export interface ToolbarOptions {
  readonly onChange: (change: Partial<Choices>) => void;
  /** Called for Enter in the search. */
  readonly onFirst: () => void;
}

type Switch = 'overlay' | 'details' | 'table';

const switches: readonly (readonly [Switch, string, string])[] = [
  ['overlay', 'target', 'Mark what the last question attended to'],
  ['details', 'info', 'Show details'],
  ['table', 'table', 'Show as a table'],
];

/** A search box and three switches. */
export class Toolbar {
  readonly root = element('div', { class: 'map-tools', role: 'toolbar', label: 'Map' });
  readonly #found = element('span', { class: 'detail map-found', role: 'status' });
  readonly #buttons = new Map<Switch, HTMLButtonElement>();

  constructor(choices: Choices, { onChange, onFirst }: ToolbarOptions) {
    const input = element('input', {
      class: 'filter',
      label: 'Search files',
      attributes: { type: 'search', placeholder: 'Search files', spellcheck: 'false' },
    });
    input.value = choices.search;
    input.addEventListener('input', () => {
      onChange({ search: input.value });
    });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing) onFirst();
    });
    this.root.append(this.#found, input);
    for (const [key, name, label] of switches) {
      const button = element(
        'button',
        {
          class: 'icon-button map-switch',
          title: label,
          label,
          onClick: () => {
            onChange({ [key]: button.getAttribute('aria-pressed') !== 'true' });
          },
        },
        icon(name),
      );
      button.type = 'button';
      this.#buttons.set(key, button);
      this.root.append(button);
    }
  }

  /**
   * Shows what is chosen.
   * @param found what the search has found, as text
   * @param attended whether there is something that the last question attended to
   */
  update(choices: Choices, found: string, attended: boolean): void {
    this.#found.textContent = found;
    const overlay = this.#buttons.get('overlay');
    if (overlay !== undefined) overlay.hidden = !attended;
    for (const [key, button] of this.#buttons) {
      button.setAttribute('aria-pressed', String(choices[key]));
    }
  }
}
