/** Reads what the page shows of its turns, and what it must never contain. */

import type { Page } from 'playwright-core';

export interface ShownTurn {
  readonly question: string;
  /** The text of the answer, including its code. */
  readonly answer: string;
  /** Whether the answer is shown verbatim. */
  readonly verbatim: boolean;
  /** The texts of code blocks. */
  readonly code: readonly string[];
  /** The texts of links in the answer. */
  readonly links: readonly string[];
  readonly footer: string;
}

export interface ShownTurns {
  readonly turns: readonly ShownTurn[];
  /** Elements and attributes that are not on the lists below. */
  readonly foreign: readonly string[];
}

/** The permitted elements of a turn, including the fewer ones of an answer. */
const elements = [
  ...['article', 'div', 'p', 'span', 'strong', 'code', 'pre', 'blockquote', 'hr', 'wbr', 'button'],
  ...['ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'details', 'summary', 'dl', 'dt', 'dd'],
];

/** None of these loads or runs anything. */
const attributes = ['class', 'title', 'role', 'type', 'tabindex', 'aria-label', 'aria-hidden'];

/** Reads all turns from the page. */
export async function shownTurns(page: Page): Promise<ShownTurns> {
  return page.evaluate(
    ([knownElements, knownAttributes]) => {
      const foreign = new Set<string>();
      for (const node of document.querySelectorAll('.turns *')) {
        // SVG and MathML elements have lower-case names and another namespace.
        const html = node.namespaceURI === 'http://www.w3.org/1999/xhtml';
        if (!html || !knownElements.includes(node.localName)) foreign.add(`<${node.localName}>`);
        for (const { name } of node.attributes) {
          if (!knownAttributes.includes(name)) foreign.add(`${node.localName} ${name}`);
        }
      }
      const text = (node: Element | null): string => node?.textContent ?? '';
      const texts = (parent: Element, selector: string): string[] =>
        [...parent.querySelectorAll(selector)].map(text);
      const turns = [...document.querySelectorAll('.turns > .turn')].map((turn) => ({
        question: text(turn.querySelector(':scope > .question-row > .question')),
        answer: text(turn.querySelector(':scope > .answer')),
        verbatim: turn.querySelector(':scope > .answer > .verbatim') !== null,
        code: texts(turn, ':scope > .answer pre'),
        links: texts(turn, ':scope > .answer .reference'),
        footer: text(turn.querySelector(':scope > .turn-footer')),
      }));
      return { turns, foreign: [...foreign] };
    },
    [elements, attributes] as const,
  );
}

/** Returns a text as the page must show it: with marks in place of invisible characters. */
export function asShown(text: string): string {
  let shown = '';
  for (const character of text.split('')) {
    const code = character.charCodeAt(0);
    if (code === 0x9 || code === 0xa || code === 0xd) shown += character;
    else if (code < 0x20) shown += String.fromCharCode(0x2400 + code);
    else if (code === 0x7f) shown += '␡';
    else if (code < 0xa0 && code > 0x7f) shown += `[U+${hexadecimal(code)}]`;
    else if (code >= 0x202a && code <= 0x202e) shown += `[U+${hexadecimal(code)}]`;
    else if (code >= 0x2066 && code <= 0x2069) shown += `[U+${hexadecimal(code)}]`;
    else shown += character;
  }
  return shown;
}

function hexadecimal(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}
