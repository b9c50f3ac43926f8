import { anyOf, inData, type Language, line, oneOf, open } from '../language.ts';
import { braces, type Lexis, quoted } from '../lexis.ts';
import { unitClass } from '../unit-class.ts';

const hash: Lexis = {
  lineComments: ['#'],
  blockComments: [],
  strings: [quoted('"'), quoted("'")],
  characters: false,
  rawStrings: null,
  templates: false,
  heredoc: null,
  commentsAtWords: true,
  brackets: true,
};

export const ruby: Language = {
  lexis: {
    ...hash,
    blockComments: [{ open: '=begin', close: '=end', atLineStart: true }],
    heredoc: /<<[~-]?(?:"([A-Z_]\w*)"|'([A-Z_]\w*)'|([A-Z_]\w*))/y,
  },
  nesting: 'indentation',
  transparent: line(
    String.raw`(?:if|unless|else|elsif|begin|rescue|ensure|private|protected|public)\b`,
  ),
  rules: [
    {
      pattern: line(oneOf('require require_relative load autoload include extend prepend using')),
      unit: unitClass.import,
    },
    { pattern: line(String.raw`(?:class|module)\s`), unit: unitClass.type },
    {
      pattern: line(
        String.raw`(?:(?:private|protected|public|module_function|private_class_method)\s+)?def\s`,
      ),
      unit: unitClass.signature,
    },
    { pattern: line(String.raw`attr_\w+\s|alias(?:_method)?\s`), unit: unitClass.signature },
    {
      pattern: line(String.raw`[A-Z@$][\w@]*\s*(?:\|\|)?=(?![=~>])`),
      unit: unitClass.value,
      scopes: open,
    },
    { pattern: line(String.raw`[a-z_]\w*\s*=\s*LITERAL`), unit: unitClass.value, scopes: open },
    {
      pattern: line(String.raw`(?:\w+:|(?::?\w+|"[^"]*"|'[^']*')\s*=>)\s*(?:LITERAL|:\w)`),
      unit: unitClass.value,
      scopes: inData,
    },
  ],
};

const phpBefore = anyOf('public private protected static final abstract readonly var const');

export const php: Language = {
  lexis: braces({
    lineComments: ['//', '#'],
    strings: [quoted('"', true), quoted("'", true)],
    characters: false,
    heredoc: /<<<[ \t]*(?:"(\w+)"|'(\w+)'|([A-Za-z_]\w*))/y,
  }),
  nesting: 'brackets',
  rules: [
    {
      pattern: line(String.raw`(?:use|namespace|require|require_once|include|include_once)\b`),
      unit: unitClass.import,
      scopes: open,
    },
    {
      pattern: line(`${phpBefore}${oneOf('class interface trait enum')}\\s+\\w`),
      unit: unitClass.type,
    },
    { pattern: line(String.raw`${phpBefore}function\b(?!\s*\()`), unit: unitClass.signature },
    {
      pattern: line(String.raw`return\s*\[`),
      unit: unitClass.none,
      scopes: ['top'],
      opens: 'data',
    },
    { pattern: line(String.raw`define\s*\(`), unit: unitClass.value, scopes: open },
    {
      pattern: line(
        String.raw`(?:${phpBefore}|case\s+)(?:\??[\w\\|]+\s+)?(?:\$\w+|[A-Z]\w*)\s*=(?![=>])`,
      ),
      unit: unitClass.value,
      scopes: open,
    },
    {
      pattern: line(String.raw`(?:'[^']*'|"[^"]*"|\w+)\s*=>\s*LITERAL`),
      unit: unitClass.value,
      scopes: inData,
    },
  ],
};

export const shell: Language = {
  lexis: { ...hash, brackets: false, heredoc: /<<-?[ \t]*(?:"(\w+)"|'(\w+)'|\\?([A-Za-z_]\w*))/y },
  nesting: 'indentation',
  transparent: line(String.raw`(?:if|then|else|elif|case)\b`),
  rules: [
    { pattern: line(String.raw`(?:source|\.)\s`), unit: unitClass.import },
    { pattern: line(String.raw`function\s+[\w:-]+|[\w:-]+\s*\(\)`), unit: unitClass.signature },
    {
      pattern: line(
        String.raw`(?:(?:export|readonly|declare|typeset)\s+(?:-\w+\s+)*)?[A-Za-z_]\w*=`,
      ),
      unit: unitClass.value,
      scopes: ['top'],
    },
    { pattern: line(String.raw`alias\s`), unit: unitClass.value },
  ],
};

export const perl: Language = {
  lexis: {
    ...hash,
    heredoc: /<<~?(?:"(\w+)"|'(\w+)'|([A-Z_]\w*))/y,
    blockComments: [
      { open: '=pod', close: '=cut', atLineStart: true },
      { open: '=head', close: '=cut', atLineStart: true },
    ],
  },
  nesting: 'brackets',
  rules: [
    { pattern: line(String.raw`(?:use\s+constant)\b`), unit: unitClass.value, opens: 'data' },
    { pattern: line(String.raw`(?:use|require|package|no)\s`), unit: unitClass.import },
    { pattern: line(String.raw`sub\s+\w`), unit: unitClass.signature },
    { pattern: line(String.raw`(?:our|my)\s+[$@%]\w+\s*=`), unit: unitClass.value, scopes: open },
    {
      pattern: line(String.raw`(?:'[^']*'|"[^"]*"|\w+)\s*=>\s*LITERAL`),
      unit: unitClass.value,
      scopes: inData,
    },
  ],
};

export const lua: Language = {
  lexis: {
    ...hash,
    lineComments: ['--'],
    blockComments: [{ open: '--[[', close: ']]' }],
    strings: [
      { open: '[[', close: ']]', multiline: true, escapes: false },
      quoted('"'),
      quoted("'"),
    ],
    commentsAtWords: false,
  },
  nesting: 'indentation',
  rules: [
    { pattern: line(String.raw`(?:local\s+\w+\s*=\s*)?require\b`), unit: unitClass.import },
    {
      pattern: line(String.raw`(?:local\s+)?function\b|(?:local\s+)?[\w.]+\s*=\s*function\b`),
      unit: unitClass.signature,
    },
    {
      pattern: line(String.raw`(?:local\s+)?[\w.]+\s*=(?!=)`),
      unit: unitClass.value,
      scopes: open,
    },
    {
      pattern: line(String.raw`(?:\w+|\["[^"]*"\])\s*=\s*LITERAL`),
      unit: unitClass.value,
      scopes: inData,
    },
  ],
};

export const elixir: Language = {
  lexis: { ...hash, strings: [quoted('"""', true), quoted('"')] },
  nesting: 'indentation',
  rules: [
    { pattern: line(oneOf('import alias use require')), unit: unitClass.import },
    { pattern: line(oneOf('defmodule defprotocol defimpl defstruct')), unit: unitClass.type },
    {
      pattern: line(oneOf('def defp defmacro defmacrop defdelegate defguard')),
      unit: unitClass.signature,
    },
    { pattern: line(String.raw`@(?:type|typep|opaque)\s`), unit: unitClass.type },
    { pattern: line(String.raw`@(?:spec|callback)\s`), unit: unitClass.signature },
    { pattern: line(String.raw`@(?!moduledoc|doc)\w+\s+\S`), unit: unitClass.value, scopes: open },
    {
      pattern: line(String.raw`(?:\w+:|"[^"]*"\s*=>)\s*(?:LITERAL|:\w)`),
      unit: unitClass.value,
      scopes: inData,
    },
  ],
};
