import { element, textNodes } from '../common/dom.ts';
import type { Reference } from './mentions.ts';

/** A link that opens a file of the workspace. It has no URL. */
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

/** Lets a reference break after its folders, but not inside a name or between line numbers. */
function breakable(text: string): (Node | string)[] {
  const lines = /:\d{1,10}(?:-\d{1,10})?$/u.exec(text)?.[0] ?? '';
  return [
    ...text
      .slice(0, text.length - lines.length)
      .split(/(?<=\/)/u)
      .flatMap((part, i) => [
        ...(i === 0 ? [] : [document.createElement('wbr')]),
        ...textNodes(part),
      ]),
    element('span', { class: 'lines' }, lines),
  ];
}
