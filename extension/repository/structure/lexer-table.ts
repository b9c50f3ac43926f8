/** Tells which characters of a language begin something other than code. */

import type { BlockComment, Lexis, StringSyntax } from './lexis.ts';

/** The kinds of characters; those beyond ASCII are parts of words. */
export const word = 0;
export const space = 1;
export const newline = 2;
export const open = 3;
export const close = 4;
export const special = 5;

export interface LexerTable {
  readonly kinds: Uint8Array;
  /** By first character, longest first. */
  readonly openers: ReadonlyMap<number, readonly Opener[]>;
}

type Opener =
  | { readonly kind: 'line'; readonly open: string }
  | ({ readonly kind: 'block' } & BlockComment)
  | ({ readonly kind: 'string' } & StringSyntax);

const tables = new WeakMap<Lexis, LexerTable>();

/** Returns the cached table of a language. */
export function tableOf(lexis: Lexis): LexerTable {
  let table = tables.get(lexis);
  if (table === undefined) {
    table = makeTable(lexis);
    tables.set(lexis, table);
  }
  return table;
}

function makeTable(lexis: Lexis): LexerTable {
  const kinds = new Uint8Array(128);
  const mark = (characters: string, kind: number): void => {
    for (const character of characters) kinds[character.charCodeAt(0)] = kind;
  };
  mark(' \t\r\v\f\0', space);
  mark('\n', newline);
  if (lexis.brackets) {
    mark('([{', open);
    mark(')]}', close);
  }
  if (lexis.templates) mark('`/', special);
  if (lexis.characters) mark("'", special);
  if (lexis.heredoc !== null) mark('<', special);
  const openers = new Map<number, Opener[]>();
  const all: Opener[] = [
    ...lexis.lineComments.map((open): Opener => ({ kind: 'line', open })),
    ...lexis.blockComments.map((comment): Opener => ({ kind: 'block', ...comment })),
    ...lexis.strings.map((string): Opener => ({ kind: 'string', ...string })),
  ];
  for (const opener of all.sort((a, b) => b.open.length - a.open.length)) {
    mark(opener.open.charAt(0), special);
    const first = opener.open.charCodeAt(0);
    openers.set(first, [...(openers.get(first) ?? []), opener]);
  }
  return { kinds, openers };
}
