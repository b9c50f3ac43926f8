/**
 * Makes elements from data: text becomes text nodes, never markup; hidden characters are marked.
 */

import { visibleParts, visibleText } from './visible-text.ts';

export type Child = Node | string | null;

export interface Properties {
  readonly class?: string;
  readonly title?: string;
  readonly role?: string;
  readonly label?: string;
  readonly hidden?: boolean;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly onClick?: () => void;
}

/** Returns the element that a view fills. @throws if the page has none */
export function pageRoot(): HTMLElement {
  const root = document.getElementById('root');
  if (root === null) throw new Error('The page has no root element.');
  return root;
}

/** Makes an element with its children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (properties.class !== undefined) made.className = properties.class;
  if (properties.title !== undefined) made.title = visibleText(properties.title);
  if (properties.role !== undefined) made.setAttribute('role', properties.role);
  if (properties.label !== undefined)
    made.setAttribute('aria-label', visibleText(properties.label));
  if (properties.hidden === true) made.hidden = true;
  for (const [name, value] of Object.entries(properties.attributes ?? {})) {
    made.setAttribute(name, value);
  }
  const { onClick } = properties;
  if (onClick !== undefined) {
    made.addEventListener('click', () => {
      onClick();
    });
  }
  appendAll(made, children);
  return made;
}

/** Replaces all children. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren();
  appendAll(parent, children);
}

/** One of the editor's icons, only for decoration. */
export function icon(name: string, extra = ''): HTMLElement {
  return element('span', {
    class: `codicon codicon-${name} ${extra}`.trimEnd(),
    attributes: { 'aria-hidden': 'true' },
  });
}

/** A button in the editor's style. */
export function button(
  text: string,
  kind: 'primary' | 'secondary' | 'link',
  onClick: () => void,
): HTMLButtonElement {
  const made = element('button', { class: `button ${kind}`, onClick }, text);
  made.type = 'button';
  return made;
}

/** An icon button, with its name for screen readers. */
export function iconButton(name: string, label: string, onClick: () => void): HTMLButtonElement {
  const made = element(
    'button',
    { class: 'icon-button', title: label, label, onClick },
    icon(name),
  );
  made.type = 'button';
  return made;
}

/** Makes text nodes, with marks in place of hidden characters. */
export function textNodes(text: string): (Node | string)[] {
  return visibleParts(text).map((part) => {
    if (!part.mark) return part.text;
    const mark = document.createElement('span');
    mark.className = 'hidden-character';
    mark.textContent = part.text;
    return mark;
  });
}

/** Appends any number of children, which could be too many arguments for one call. */
export function appendAll(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null) continue;
    if (typeof child === 'string') parent.append(...textNodes(child));
    else parent.append(child);
  }
}
