import { describe, expect, it } from 'vitest';
import { longestMarkdown } from './answer-mode.ts';
import { markdownText, parseMarkdown, withoutMarkers } from './markdown.ts';
import type { MarkdownNode } from './markdown.ts';

function parse(text: string): readonly MarkdownNode[] {
  const tree = parseMarkdown(text);
  if (tree === null) throw new Error('It is shown to the letter.');
  return tree;
}

function tagsOf(nodes: readonly MarkdownNode[]): string[] {
  return nodes.flatMap((node) => {
    if (typeof node === 'string') return [];
    return 'code' in node ? ['pre'] : [node.tag, ...tagsOf(node.children)];
  });
}

/** A paragraph with the source as its text, verbatim. */
function asItIs(text: string): readonly MarkdownNode[] {
  return [{ tag: 'p', children: [text] }];
}

describe('parseMarkdown', () => {
  it('builds nested blocks', () => {
    expect(parse('# T\n\n- a **b**\n- c')).toEqual([
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

  it('keeps code as it is, with what stands behind the fence', () => {
    const code = 'let a = "<b>&lt;\\n";\n\tif (x) {\n\n  }\n';
    expect(parse(`\`\`\`ts title=x\n${code}\`\`\``)).toEqual([{ info: 'ts title=x', code }]);
    expect(parse(`1. See:\n   ~~~\n   a\n     b\n   ~~~`)).toEqual([
      {
        tag: 'ol',
        children: [{ tag: 'li', marker: '1.', children: ['See:', { info: '', code: 'a\n  b\n' }] }],
      },
    ]);
  });

  it('keeps the numbers of lists', () => {
    expect(markdownText(parse('3. a\n3. b\n\n7) c'))).toBe('3.a3.b7)c');
  });

  it('builds tables', () => {
    expect(tagsOf(parse('| a | b |\n|---|:-:|\n| 1 | 2 |'))).toEqual([
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

  it('shows the lines of a table that would lose a cell', () => {
    const text = '| a | b |\n|---|---|\n| 1 | 2 | 3 |';
    expect(parse(text)).toEqual(asItIs(text));
  });

  it('gives up what is nested too deep, instead of losing it', () => {
    expect(parseMarkdown(`${'> '.repeat(100)}deep`)).toBeNull();
    expect(parseMarkdown(`${'- '.repeat(100)}deep`)).toBeNull();
    expect(markdownText(parse(`${'> '.repeat(5)}deep`))).toBe('deep');
  });

  it.each([
    'It is __main__ in pkg/__init__.py:3.',
    'The product 2*x*3 and 2**x and 3**y.',
    'Use *args and **kwargs, or f(*a, **b).',
    'Matches \\d+\\.\\d+ and \\*\\_\\`x.',
    'Write &lt;div&gt; or &amp; or &#65;.',
    'Runs $HOME/*.ts and /tmp/*.js here.',
    'Single *stars* and ~~two tildes~~ stay.',
    'Three ***stars*** stay.',
    'Lone ` backtick and ** stars.',
    'A line\n>= 5\nends here',
    'A line\n+ added\nhere',
    'A line\n# set up\nhere',
    'A line\n===\nhere',
    'A line\n___\nhere',
    'A line\n    indented\n\ttabbed   \nhere  ',
    '[a]: https://example.org',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[click](command:workbench.action.quit)',
    '[click](https://example.org "title")',
    '![pixel](https://example.org/p.png)',
    '<https://example.org> https://example.org',
    '<div>\n<style>*{}</style>',
    'A NUL \0 and a bell \u0007 and \u202e and \ud800.',
    '(c) (tm) "quotes" -- dashes... ---',
  ])('shows %j as it is', (text) => {
    expect(parse(text)).toEqual(asItIs(text.trim()));
  });

  it.each([
    ['**a** and **b c**.', ['a', 'b c']],
    ['这是**重点**内容', ['重点']],
    ['**`code`**, (**x**), "**y**"', ['', 'x', 'y']],
    ['**__init__.py**: **.env**', ['__init__.py', '.env']],
    ['a**b**c, **kwargs, x **y** z', ['y']],
  ])('makes words bold in %j', (text, bold) => {
    const [paragraph] = parse(text);
    const children = typeof paragraph === 'object' && 'tag' in paragraph ? paragraph.children : [];
    const found = children.flatMap((node) =>
      typeof node === 'object' && 'tag' in node && node.tag === 'strong' ? [node.children] : [],
    );
    expect(found.map((nodes) => (typeof nodes[0] === 'string' ? nodes[0] : ''))).toEqual(bold);
  });

  it('never loses a letter of half a text', () => {
    const text =
      '# Title\n\nStart **bold** and\n```\ncode\n``` then `span` | a\n\n| x | y |\n|--|--|\n| `1` | 2 |\n1. a\n   - b\n> q';
    for (let length = 0; length <= text.length; length++) {
      const half = text.slice(0, length);
      const tree = parseMarkdown(half);
      if (tree !== null) expect(withoutMarkers(markdownText(tree))).toBe(withoutMarkers(half));
    }
    expect(parseMarkdown(text)).not.toBeNull();
  });

  it.each([
    '> ',
    '>',
    '- ',
    '-',
    '* ',
    '1. ',
    '`',
    '` ',
    '`a``b',
    '**',
    '**a ',
    'a** ',
    '**a** ',
    '*a',
    '_a',
    '|',
    '|-',
    '| a ',
    '\n',
    '```\n',
    '~~~a\n',
    '# ',
    '    a\n',
    '- a\n',
    '> a\n',
    'a\n',
    '\\',
    '&lt;',
    '<',
    '[',
    '![',
    '](',
    '  - ',
    '\t',
    '0.',
    'a|b\n-|-\n',
  ])('takes a second at most for much of %j', (unit) => {
    const text = unit.repeat(longestMarkdown / unit.length);
    const start = performance.now();
    parseMarkdown(text);
    parseMarkdown(`The function:\n\n${text}x`);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});
