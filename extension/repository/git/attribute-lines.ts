import { parsePattern, type PathPattern } from './path-pattern.ts';

/** Set, unset or a text; null if declared unspecified (`!name`). */
export type AttributeState = true | false | string | null;

interface Attribute {
  readonly name: string;
  readonly state: AttributeState;
}

/** One line of an attributes file: the attributes of a pattern's files, or a macro's definition. */
export type AttributeLine =
  | { readonly kind: 'pattern'; readonly pattern: PathPattern; readonly attributes: Attribute[] }
  | { readonly kind: 'macro'; readonly name: string; readonly attributes: Attribute[] };

/** Git skips longer lines. */
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

/** Splits a line into its first word, which may be quoted as in C, and the rest. */
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

/** Returns null if any attribute is invalid: git then skips the line. */
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
  // No pattern for files ends with a slash, and git refuses negative ones.
  return pattern.negative || pattern.foldersOnly ? null : { kind: 'pattern', pattern, attributes };
}

/**
 * Parses the lines of a `.gitattributes` file in order; skips invalid lines, as git does.
 * @param text of the file, one character per byte
 */
export function parseAttributeLines(text: string): AttributeLine[] {
  return text
    .replace(/^\xEF\xBB\xBF/, '')
    .split('\n')
    .map((line) => parseLine(line.replace(/\0[^]*$/, '')))
    .filter((line) => line !== null);
}
