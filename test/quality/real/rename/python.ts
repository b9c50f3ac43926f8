/** Parses Python for renaming, with one regular expression for its tokens. */
import type { Piece, PieceKind, Reading } from './pieces.ts';

/** A string ends with its own kind of quote; an unterminated one is no string. */
const token =
  /(?<comment>#[^\n]*)|(?<string>[rbfu]{0,2}(?:"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'))|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<number>0[xob][\da-f_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?j?)/giu;

/** `import a, b as c` and `from a import (b, c as d)`; leading dots refer to the repository. */
const imports =
  /^[ \t]*(?:from[ \t]+(?<from>[.\w]+)[ \t]+import[ \t]+(?:\((?<many>[^)]*)\)|(?<few>[^\n#]*))|import[ \t]+(?<modules>[^\n#]*))/gmu;

const declarations =
  /^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(?<name>\w+)|^[ \t]*(?:self\.|cls\.)?(?<variable>\w+)[ \t]*(?::[^=\n]+)?=(?!=)|[(,][ \t\n]*\**(?<parameter>\w+)[ \t]*(?::[ \t]*[\w"'[\]., |]+)?(?==|,|\)[ \t]*(?:->|:))/gmu;

/**
 * Parses one file.
 * @param isOwn whether a module name refers to a file of the repository
 */
export function readPython(text: string, isOwn: (module: string) => boolean): Reading {
  const pieces: Piece[] = [];
  for (const { index: from, groups, 0: whole } of text.matchAll(token)) {
    const kind = kindOf(whole, groups ?? {});
    pieces.push({ kind, from: from + bodyOffset(whole, groups ?? {}), to: from + whole.length });
  }
  // Strings declare nothing.
  const code = withoutStrings(text, pieces);
  return { pieces, declared: declaredIn(code), external: externalIn(code, isOwn) };
}

function kindOf(whole: string, groups: Readonly<Record<string, string | undefined>>): PieceKind {
  if (groups['comment'] !== undefined) return 'prose';
  if (groups['string'] !== undefined) return /^\w*(?:"""|''')/u.test(whole) ? 'prose' : 'text';
  return groups['name'] === undefined ? 'number' : 'name';
}

/** The length of a string's prefix letters, which say how it is read. */
function bodyOffset(whole: string, groups: Readonly<Record<string, string | undefined>>): number {
  return groups['string'] === undefined ? 0 : whole.search(/["']/u);
}

function withoutStrings(text: string, pieces: readonly Piece[]): string {
  let code = '';
  let at = 0;
  for (const { kind, from, to } of pieces) {
    if (kind !== 'prose' && kind !== 'text') continue;
    code += text.slice(at, from) + text.slice(from, to).replaceAll(/[^\n]/gu, ' ');
    at = to;
  }
  return code + text.slice(at);
}

function declaredIn(code: string): Set<string> {
  return new Set(
    [...code.matchAll(declarations)].map(
      ({ groups }) => groups?.['name'] ?? groups?.['variable'] ?? groups?.['parameter'] ?? '',
    ),
  );
}

function externalIn(code: string, isOwn: (module: string) => boolean): Set<string> {
  const found = new Set<string>();
  for (const { groups } of code.matchAll(imports)) {
    const { from, many, few, modules } = groups ?? {};
    if (from === undefined) {
      for (const part of (modules ?? '').split(',')) {
        const [, module = ''] = /^\s*([.\w]+)/u.exec(part) ?? [];
        if (!isOwn(module)) for (const name of module.split('.')) found.add(name);
      }
    } else if (!isOwn(from)) {
      for (const name of from.split('.')) found.add(name);
      for (const [, name = ''] of (many ?? few ?? '').matchAll(/(?:^|,)\s*(\w+)/gu))
        found.add(name);
    }
  }
  return found;
}
