import { element } from '../common/dom.ts';
import type { MarkdownNode } from './markdown.ts';
import type { Reference } from './references.ts';

/** Elements for a parsed answer. */
export function markdownElements(
  nodes: readonly MarkdownNode[],
  onOpen: (reference: Reference) => void,
): (Node | string)[] {
  return nodes.map((node) => {
    if (typeof node === 'string') return node;
    if ('reference' in node) return referenceLink(node.text, node.reference, onOpen);
    const made = document.createElement(node.tag);
    if (node.language !== undefined && node.language !== '')
      made.dataset['language'] = node.language;
    // Long lines are scrolled to with the keyboard too.
    if (node.tag === 'pre') made.tabIndex = 0;
    made.append(...markdownElements(node.children, onOpen));
    return made;
  });
}

/** A link that opens a file of the workspace. It has no address of its own. */
export function referenceLink(
  text: string,
  reference: Reference,
  onOpen: (reference: Reference) => void,
): HTMLButtonElement {
  const made = element(
    'button',
    {
      class: 'reference',
      title: `Open ${text}`,
      onClick: () => {
        onOpen(reference);
      },
    },
    ...breakable(text),
  );
  made.type = 'button';
  return made;
}

/** A reference that breaks after its folders, not inside a name or between line numbers. */
function breakable(text: string): (Node | string)[] {
  const lines = /:\d+(?:-\d+)?$/u.exec(text)?.[0] ?? '';
  return [
    ...text
      .slice(0, text.length - lines.length)
      .split(/(?<=\/)/u)
      .flatMap((part, i) => (i === 0 ? [part] : [document.createElement('wbr'), part])),
    element('span', { class: 'lines' }, lines),
  ];
}
