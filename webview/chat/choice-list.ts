/** A list of choices for what is being typed: the listbox of a combobox. */

import { element, fill, icon } from '../common/dom.ts';

export interface Choice {
  /** One of the editor's icons. */
  readonly icon: string;
  readonly name: string;
  readonly detail: string;
  /** What replaces the text that was typed. */
  readonly text: string;
}

const listId = 'choices';

/** Shows choices above a text box, which keeps the focus. */
export class ChoiceList {
  readonly root = element('ul', {
    class: 'choices',
    role: 'listbox',
    label: 'Suggestions',
    hidden: true,
    attributes: { id: listId },
  });
  readonly #input: HTMLTextAreaElement;
  readonly #onChoose: (choice: Choice) => void;
  #choices: readonly Choice[] = [];
  #active = 0;

  /** @param onChoose called with the choice that is clicked */
  constructor(input: HTMLTextAreaElement, onChoose: (choice: Choice) => void) {
    this.#input = input;
    this.#onChoose = onChoose;
  }

  /** Whether it is shown. */
  get open(): boolean {
    return this.#choices.length > 0;
  }

  /** The choice that Enter takes. */
  get active(): Choice | null {
    return this.#choices[this.#active] ?? null;
  }

  /** Shows these choices, the first active; hides the list if there are none. */
  show(choices: readonly Choice[]): void {
    const kept = this.active;
    this.#choices = choices;
    const same = choices.findIndex((choice) => choice.text === kept?.text);
    this.#active = Math.max(0, same);
    fill(this.root, ...choices.map((choice, index) => this.#option(choice, index)));
    this.root.hidden = !this.open;
    this.#tell();
  }

  /** Moves by so many choices, around the ends. */
  move(by: number): void {
    const { length } = this.#choices;
    if (length === 0) return;
    this.#active = (this.#active + by + length) % length;
    for (const [index, option] of [...this.root.children].entries()) {
      option.setAttribute('aria-selected', String(index === this.#active));
    }
    this.root.children[this.#active]?.scrollIntoView({ block: 'nearest' });
    this.#tell();
  }

  #option({ icon: name, name: text, detail, ...choice }: Choice, index: number): HTMLElement {
    const option = element(
      'li',
      {
        class: 'choice',
        role: 'option',
        title: detail === '' ? text : `${text}, ${detail}`,
        attributes: {
          id: `${listId}-${String(index)}`,
          'aria-selected': String(index === this.#active),
        },
      },
      icon(name),
      element('span', { class: 'choice-name' }, text),
      element('span', { class: 'detail' }, detail),
    );
    // The box must keep the focus.
    option.addEventListener('mousedown', (event) => {
      event.preventDefault();
      this.#onChoose({ icon: name, name: text, detail, ...choice });
    });
    return option;
  }

  /** Tells assistive technology; the box is a combobox only while there is a list. */
  #tell(): void {
    const attributes = {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-haspopup': 'listbox',
      'aria-expanded': 'true',
      'aria-controls': listId,
      'aria-activedescendant': `${listId}-${String(this.#active)}`,
    };
    for (const [name, value] of Object.entries(attributes)) {
      if (this.open) this.#input.setAttribute(name, value);
      else this.#input.removeAttribute(name);
    }
  }
}
