/** Completes mentions and commands in the question box. */

import { chatCommands } from '../../extension/protocol/chat-commands.ts';
import type { MentionSuggestion } from '../../extension/protocol/requests/suggest-mentions.ts';
import { ChoiceList } from './choice-list.ts';
import type { Choice } from './choice-list.ts';
import { triggerAt } from './trigger.ts';
import type { Trigger } from './trigger.ts';

export interface QuestionCompletionOptions {
  readonly input: HTMLTextAreaElement;
  /** Asks for what an `@` may mean. */
  readonly onSuggest: (query: string) => void;
  /** Called when a choice has changed the text. */
  readonly onChange: () => void;
}

const icons = { file: 'file', folder: 'folder', symbol: 'symbol-method' } as const;

/** Follows the text and the caret of the box. */
export class QuestionCompletion {
  readonly #options: QuestionCompletionOptions;
  readonly #list: ChoiceList;
  #trigger: Trigger | null = null;
  /** Where the list was closed with Escape: it stays closed there. */
  #closedAt: number | null = null;

  /** @param options the box and its handlers */
  constructor(options: QuestionCompletionOptions) {
    const { input } = options;
    this.#options = options;
    this.#list = new ChoiceList(input, (choice) => {
      this.#choose(choice);
    });
    input.addEventListener('blur', () => {
      this.close();
    });
    input.addEventListener('click', () => {
      this.follow();
    });
    input.addEventListener('keyup', ({ key }) => {
      if (/^(?:ArrowLeft|ArrowRight|Home|End)$/u.test(key)) this.follow();
    });
  }

  /** The list of choices. */
  get root(): HTMLElement {
    return this.#list.root;
  }

  /** Takes a key if the list is open and the key is for it; returns whether it was. */
  onKey(event: KeyboardEvent): boolean {
    const { active, open } = this.#list;
    if (!open || active === null) return false;
    if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return false;
    switch (event.key) {
      case 'ArrowDown':
        this.#list.move(1);
        break;
      case 'ArrowUp':
        this.#list.move(-1);
        break;
      case 'Escape':
        this.#closedAt = this.#trigger?.start ?? null;
        this.close();
        break;
      case 'Enter':
        // What is typed in full already is meant as it is.
        if (this.#isTyped(active)) {
          this.close();
          return false;
        }
        this.#choose(active);
        break;
      case 'Tab':
        this.#choose(active);
        break;
      default:
        return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** Shows what suits the text before the caret. */
  follow(): void {
    const { value, selectionStart, selectionEnd } = this.#options.input;
    const trigger = selectionStart === selectionEnd ? triggerAt(value, selectionStart) : null;
    const before = this.#trigger;
    this.#trigger = trigger;
    if (trigger === null) {
      this.#closedAt = null;
      this.close();
      return;
    }
    if (trigger.start === this.#closedAt) return;
    this.#closedAt = null;
    if (trigger.kind === 'command') {
      this.#list.show(commandChoices(trigger.query));
    } else if (before?.kind !== 'mention' || before.query !== trigger.query || !this.#list.open) {
      // The choices of another place are none of this one.
      if (before?.kind !== 'mention' || before.start !== trigger.start) this.close();
      this.#options.onSuggest(trigger.query);
    }
  }

  /** Shows suggestions, if they are for what is typed now. */
  suggest(query: string, items: readonly MentionSuggestion[]): void {
    const trigger = this.#trigger;
    if (trigger?.kind !== 'mention' || trigger.query !== query) return;
    if (trigger.start === this.#closedAt) return;
    if (document.activeElement !== this.#options.input) return;
    this.#list.show(
      items.map(({ kind, text, name, detail }) => ({ icon: icons[kind], name, detail, text })),
    );
  }

  /** Hides the list. */
  close(): void {
    this.#list.show([]);
  }

  #isTyped({ text }: Choice): boolean {
    const { input } = this.#options;
    const trigger = this.#trigger;
    return trigger !== null && input.value.slice(trigger.start + 1, trigger.end) === text;
  }

  #choose({ text }: Choice): void {
    const trigger = this.#trigger;
    if (trigger === null) return;
    const { input, onChange } = this.#options;
    // A folder may be followed into.
    const open = trigger.kind === 'mention' && text.endsWith('/');
    const after = input.value.slice(trigger.end);
    const space = open || /^\s/u.test(after) ? '' : ' ';
    const mark = trigger.kind === 'command' ? '/' : '@';
    input.setRangeText(`${mark}${text}${space}`, trigger.start, trigger.end, 'end');
    this.#trigger = null;
    this.close();
    onChange();
  }
}

function commandChoices(query: string): Choice[] {
  return chatCommands
    .filter(({ name }) => name.startsWith(query))
    .map(({ name, description }) => ({
      icon: 'symbol-event',
      name: `/${name}`,
      detail: description,
      text: name,
    }));
}
