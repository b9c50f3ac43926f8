import { parsePattern, type PathPattern } from './path-pattern.ts';

/** Set, unset or a text; null: said to be unspecified (`!name`). */
export type AttributeState = true | false | string | null;

interface Attribute {
  readonly name: string;
  readonly state: AttributeState;
}

/** One line of a file of attributes: of the files of a pattern, or of what a macro stands for. */
export type AttributeLine =
  | { readonly kind: 'pattern'; readonly pattern: PathPattern; readonly attributes: Attribute[] }
  | { readonly kind: 'macro'; readonly name: string; readonly attributes: Attribute[] };

/** Git passes over longer lines. */
const longestLine = 2_048;
const blank = /^[ \t\r]+/;
const validName = /^(?!-)[-.0-9A-Za-z_]+$/;
const macroPrefix = '[attr]';
const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: '\x07',
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
    '"': '"',
    '\\': '\\',
  }),
);

function unescape(escape: string): string {
  return /^[0-7]{3}$/.test(escape)
    ? String.fromCharCode(Number.parseInt(escape, 8))
    : (escapes.get(escape) ?? escape);
}

/** A line's first word, which may stand in quotes as in C, and the rest. */
function firstWord(line: string): readonly [word: string, rest: string] {
  const quoted = /^"((?:[^"\\]|\\(?:[abfnrtv"\\]|[0-3][0-7]{2}))*)"/.exec(line);
  if (quoted?.[1] !== undefined) {
    const word = quoted[1].replace(/\\([0-7]{3}|.)/gs, (_, escape: string) => unescape(escape));
    return [word, line.slice(quoted[0].length)];
  }
  const word = /^[^ \t\r]*/.exec(line)?.[0] ?? '';
  return [word, line.slice(word.length)];
}

function parseAttribute(word: string): Attribute | null {
  const [, sign, name = '', value] = /^([-!]?)([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (!validName.test(name) || name.startsWith('builtin_')) {
    return null;
  }
  return { name, state: sign === '-' ? false : sign === '!' ? null : (value ?? true) };
}

/** Null where one of them is none: git then passes over the line. */
function parseAttributes(text: string): Attribute[] | null {
  const words = text.split(/[ \t\r]+/).filter((word) => word !== '');
  const attributes = words.map(parseAttribute);
  return attributes.includes(null) ? null : attributes.filter((attribute) => attribute !== null);
}

function parseLine(text: string): AttributeLine | null {
  const line = text.replace(blank, '');
  if (line === '' || line.startsWith('#') || text.length >= longestLine) {
    return null;
  }
  const [word, rest] = firstWord(line);
  const attributes = parseAttributes(rest);
  if (attributes === null) {
    return null;
  }
  if (word.startsWith(macroPrefix) && word.length > macroPrefix.length) {
    const name = word.slice(macroPrefix.length);
    return validName.test(name) && !name.startsWith('builtin_')
      ? { kind: 'macro', name, attributes }
      : null;
  }
  const pattern = parsePattern(word);
  // No pattern of files ends with a slash, and git refuses negative ones.
  return pattern.negative || pattern.foldersOnly ? null : { kind: 'pattern', pattern, attributes };
}

/**
 * The lines of a `.gitattributes` in their order; what is none is passed over, as git does.
 * @param text of the file, one character a byte
 */
export function parseAttributeLines(text: string): AttributeLine[] {
  return text
    .replace(/^\xEF\xBB\xBF/, '')
    .split('\n')
    .map((line) => parseLine(line.replace(/\0[^]*$/, '')))
    .filter((line) => line !== null);
}
