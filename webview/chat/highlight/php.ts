/** PHP: a language like C with variables, line comments and tags of its own. */

import { clike } from '@codemirror/legacy-modes/mode/clike';
import type { StreamParser, StringStream } from '@codemirror/streamparser';

const keywords =
  'abstract and as break case catch class clone const continue declare default do echo else elseif enum extends ' +
  'final finally fn for foreach function global goto if implements include include_once instanceof insteadof ' +
  'interface isset list match namespace new or print private protected public readonly require require_once ' +
  'return static switch throw trait try unset use var while xor yield';
const types = 'array bool callable float int iterable mixed never object self string void';
const atoms = 'true false null TRUE FALSE NULL this parent';

/** The parser of PHP, with or without its tags. */
export const php: StreamParser<unknown> = clike({
  name: 'php',
  keywords: words(keywords),
  types: words(types),
  atoms: words(atoms),
  blockKeywords: words('catch do else elseif finally for foreach if switch try while'),
  multiLineStrings: true,
  hooks: {
    $: (stream: StringStream) => {
      stream.eatWhile(/[\w\u0080-\uffff]/u);
      return 'variableName';
    },
    // An attribute, `#[Route]`, is no comment.
    '#': (stream: StringStream) => {
      if (stream.peek() === '[') return false;
      stream.skipToEnd();
      return 'comment';
    },
    '<': (stream: StringStream) => (stream.match(/^\?(?:php|=)?/u) === null ? false : 'meta'),
    '?': (stream: StringStream) => (stream.match('>') === true ? 'meta' : false),
  },
});

function words(list: string): Record<string, boolean> {
  return Object.fromEntries(list.split(' ').map((word) => [word, true]));
}
