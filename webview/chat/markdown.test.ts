import { describe, expect, it } from 'vitest';
import { parseMarkdown } from './markdown.ts';
import type { MarkdownNode } from './markdown.ts';

/** The text that would be on screen. */
function textOf(nodes: readonly MarkdownNode[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      return 'reference' in node ? node.text : textOf(node.children);
    })
    .join('');
}

function tagsOf(nodes: readonly MarkdownNode[]): string[] {
  return nodes.flatMap((node) =>
    typeof node === 'string' || 'reference' in node ? [] : [node.tag, ...tagsOf(node.children)],
  );
}

describe('parseMarkdown', () => {
  it('builds nested blocks', () => {
    expect(parseMarkdown('# T\n\n- a **b**\n- c', [])).toEqual([
      { tag: 'h1', children: ['T'] },
      {
        tag: 'ul',
        children: [
          { tag: 'li', children: ['a ', { tag: 'strong', children: ['b'] }] },
          { tag: 'li', children: ['c'] },
        ],
      },
    ]);
  });

  it('keeps code as it is, with its language', () => {
    expect(parseMarkdown('```ts title=x\nlet a = "<b>";\n```', [])).toEqual([
      {
        tag: 'pre',
        children: [{ tag: 'code', language: 'ts', children: ['let a = "<b>";\n'] }],
      },
    ]);
  });

  it('builds tables', () => {
    expect(tagsOf(parseMarkdown('| a | b |\n|---|:-:|\n| 1 | 2 |', []))).toEqual([
      'table',
      'thead',
      'tr',
      'th',
      'th',
      'tbody',
      'tr',
      'td',
      'td',
    ]);
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[click](command:workbench.action.quit)',
    '[click](https://example.org)',
    '![pixel](https://example.org/p.png)',
    '<https://example.org>',
    '<div>\n\n<style>*{}</style>',
  ])('shows %s as the text that it is', (text) => {
    const nodes = parseMarkdown(text, []);
    expect(tagsOf(nodes).every((tag) => tag === 'p' || tag === 'br')).toBe(true);
    expect(textOf(nodes).replaceAll(/\s/gu, '')).toBe(text.replaceAll(/\s/gu, ''));
  });

  it('links known paths in text and in code spans, and in no code block', () => {
    const nodes = parseMarkdown('In `src/a.ts:3`.\n\n```\nsrc/a.ts\n```', ['src/a.ts']);
    expect(nodes).toEqual([
      {
        tag: 'p',
        children: [
          'In ',
          {
            tag: 'code',
            children: [
              {
                text: 'src/a.ts:3',
                reference: { path: 'src/a.ts', fromLine: 3, toLine: 3 },
              },
            ],
          },
          '.',
        ],
      },
      {
        tag: 'pre',
        children: [{ tag: 'code', language: '', children: ['src/a.ts\n'] }],
      },
    ]);
  });

  it('takes half of a text without losing any of it', () => {
    const text = 'Start **bold** and ```\ncode\n``` then `span` | a | end';
    for (let length = 0; length <= text.length; length++) {
      const shown = textOf(parseMarkdown(text.slice(0, length), []));
      const letters = (all: string): string => all.replaceAll(/[^a-z]/giu, '');
      expect(letters(shown).length).toBeGreaterThanOrEqual(
        letters(text.slice(0, length)).length - 'code'.length,
      );
    }
  });
});
