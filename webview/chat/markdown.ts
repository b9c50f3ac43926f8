/**
 * Parses an answer's Markdown to a tree of a few harmless elements. Everything else is text: an
 * answer is data, and nothing in it can load, run or link to anything.
 */

import type { Token } from 'markdown-it';
import { createParser } from './markdown-rules.ts';

/** The only elements of an answer. */
const tags = [
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'li',
  'blockquote',
  'code',
  'hr',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'strong',
] as const;
type Tag = (typeof tags)[number];

export type MarkdownNode = string | MarkdownElement | CodeBlock;

export interface MarkdownElement {
  readonly tag: Tag;
  /** The marker of an item in a numbered list: `3.` */
  readonly marker?: string;
  readonly children: readonly MarkdownNode[];
}

export interface CodeBlock {
  /** The text after the opening fence, usually a language; may be ''. */
  readonly info: string;
  /** Verbatim. */
  readonly code: string;
}

const parsers = [createParser({ tables: true }), createParser({ tables: false })];

/**
 * Parses Markdown, also incomplete Markdown that is being written.
 * @returns null if the tree would lack some of the text (a table row that is too long, lists that
 *   are too deep): show such an answer verbatim
 */
export function parseMarkdown(text: string): readonly MarkdownNode[] | null {
  const letters = withoutMarkers(text);
  for (const parser of parsers) {
    const tree = build(parser.parse(text, {}));
    if (withoutMarkers(markdownText(tree)) === letters) return tree;
  }
  return null;
}

/** Returns the text of a tree as shown on screen. */
export function markdownText(nodes: readonly MarkdownNode[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      if ('code' in node) return `${node.info}\n${node.code}`;
      return (node.marker ?? '') + markdownText(node.children);
    })
    .join('');
}

/** Removes white space and the characters of Markdown's syntax. */
export function withoutMarkers(text: string): string {
  return text.replace(/[\s`*#>|:~-]/gu, '');
}

interface OpenElement {
  readonly tag: Tag;
  readonly marker?: string;
  readonly children: MarkdownNode[];
}

function build(tokens: readonly Token[]): MarkdownNode[] {
  const root: MarkdownNode[] = [];
  const stack: OpenElement[] = [];
  const add = (node: MarkdownNode): void => {
    (stack.at(-1)?.children ?? root).push(node);
  };
  for (const token of tokens) {
    if (token.nesting === 1 && !token.hidden) {
      const opened = open(token);
      add(opened);
      stack.push(opened);
    } else if (token.nesting === -1 && !token.hidden) {
      stack.pop();
    } else if (token.nesting === 0) {
      for (const node of leaf(token)) add(node);
    }
  }
  return root;
}

function open({ tag, info, markup }: Token): OpenElement {
  const known = tags.find((name) => name === tag) ?? 'p';
  if (known === 'li' && info !== '') return { tag: known, marker: info + markup, children: [] };
  return { tag: known, children: [] };
}

function leaf(token: Token): MarkdownNode[] {
  switch (token.type) {
    case 'inline':
      return build(token.children ?? []);
    case 'fence':
    case 'code_block':
      return [{ info: token.info.trim(), code: token.content }];
    case 'code_inline':
      return [{ tag: 'code', children: [token.content] }];
    case 'hr':
      return [{ tag: 'hr', children: [] }];
    default:
      // Text, and any other token that a parser may produce: its source, as text.
      return token.content === '' ? [] : [token.content];
  }
}
