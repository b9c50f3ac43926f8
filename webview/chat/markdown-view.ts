import { appendAll, element, textNodes } from '../common/dom.ts';
import type { Host } from '../common/host.ts';
import { codeBlock } from './code-block.ts';
import type { HighlightedBlocks } from './highlight/highlighted-code.ts';
import type { MarkdownElement, MarkdownNode } from './markdown.ts';
import type { Mentions, Reference } from './mentions.ts';
import { referenceLink } from './reference.ts';

export interface AnswerContext {
  readonly host: Host;
  readonly mentions: Mentions;
  /** The file that code of the answer belongs to; null: it is not known. */
  readonly target: string | null;
  /** The code of the answer's blocks, from the first. */
  readonly blocks: HighlightedBlocks;
  readonly onOpen: (reference: Reference) => void;
}

/** Makes the elements of a parsed answer. */
export function markdownElements(
  nodes: readonly MarkdownNode[],
  context: AnswerContext,
  whole = false,
): (Node | string)[] {
  return nodes.flatMap((node) => {
    if (typeof node === 'string') return linkedText(node, context, whole);
    if ('code' in node) return [codeBlock(node, context.host, context.target, context.blocks)];
    return [markdownElement(node, context)];
  });
}

/**
 * Makes text in which mentions of files are links.
 * @param whole whether the text is a separate unit: see {@link Mentions.split}
 */
export function linkedText(
  text: string,
  { mentions, onOpen }: AnswerContext,
  whole: boolean,
): (Node | string)[] {
  return mentions
    .split(text, whole)
    .flatMap((segment) =>
      typeof segment === 'string'
        ? textNodes(segment)
        : [referenceLink(segment.text, segment.reference, onOpen)],
    );
}

function markdownElement({ tag, marker, children }: MarkdownElement, context: AnswerContext): Node {
  const made = document.createElement(tag);
  if (marker !== undefined) made.append(element('span', { class: 'marker' }, marker));
  appendAll(made, markdownElements(children, context, tag === 'code'));
  if (tag !== 'table') return made;
  // Focusable, so that the keyboard can scroll a wide table.
  return element('div', { class: 'table', attributes: { tabindex: '0' } }, made);
}
