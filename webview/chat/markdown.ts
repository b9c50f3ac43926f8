/**
 * An answer's Markdown as a tree of a few harmless elements. Raw HTML, images and links stay the
 * text that they are: an answer is data, and nothing in it can load, run or lead anywhere.
 */

import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { findReferences } from './references.ts';
import type { Reference } from './references.ts';

const parser = new MarkdownIt({ html: false, linkify: false, breaks: true }).disable([
  'link',
  'image',
  'autolink',
  'reference',
  'html_block',
  'html_inline',
]);

/** The only elements that an answer can have. */
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
  'pre',
  'code',
  'hr',
  'br',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'strong',
  'em',
  's',
] as const;
export type Tag = (typeof tags)[number];

export type MarkdownNode = string | MarkdownElement | MarkdownReference;

export interface MarkdownElement {
  readonly tag: Tag;
  /** The language of a code block. */
  readonly language?: string;
  readonly children: readonly MarkdownNode[];
}

export interface MarkdownReference {
  readonly reference: Reference;
  readonly text: string;
}

/**
 * Parses Markdown, also half of it while it is being written.
 * @param paths what becomes a reference wherever it is mentioned
 */
export function parseMarkdown(text: string, paths: readonly string[]): MarkdownNode[] {
  return build(parser.parse(text, {}), paths);
}

interface OpenElement {
  readonly tag: Tag;
  readonly children: MarkdownNode[];
}

function build(tokens: readonly Token[], paths: readonly string[]): MarkdownNode[] {
  const root: MarkdownNode[] = [];
  const stack: OpenElement[] = [];
  const add = (...nodes: readonly MarkdownNode[]): void => {
    (stack.at(-1)?.children ?? root).push(...nodes);
  };
  for (const token of tokens) {
    if (token.nesting === 1 && !token.hidden) {
      const opened: OpenElement = { tag: toTag(token.tag), children: [] };
      add(opened);
      stack.push(opened);
    } else if (token.nesting === -1 && !token.hidden) {
      stack.pop();
    } else if (token.nesting === 0) {
      add(...leaf(token, paths));
    }
  }
  return root;
}

function leaf(token: Token, paths: readonly string[]): MarkdownNode[] {
  switch (token.type) {
    case 'inline':
      return build(token.children ?? [], paths);
    case 'fence':
    case 'code_block': {
      const language = token.info.trim().split(/\s+/u)[0] ?? '';
      const code: MarkdownElement = { tag: 'code', language, children: [token.content] };
      return [{ tag: 'pre', children: [code] }];
    }
    case 'code_inline':
      return [{ tag: 'code', children: link(token.content, paths) }];
    case 'hardbreak':
    case 'softbreak':
      return [{ tag: 'br', children: [] }];
    case 'hr':
      return [{ tag: 'hr', children: [] }];
    default:
      // Text, and whatever else a parser may come to know: its source, as text.
      return link(token.content, paths);
  }
}

function link(text: string, paths: readonly string[]): MarkdownNode[] {
  return findReferences(text, paths).map((segment) => {
    if (typeof segment === 'string') return segment;
    const { text: shown, ...reference } = segment;
    return { reference, text: shown };
  });
}

function toTag(tag: string): Tag {
  return tags.find((known) => known === tag) ?? 'p';
}
