/** The listed files that a file imports, as far as its import lines name them. */

import { posix } from 'node:path';
import { lineUnits } from '../structure/line-units.ts';
import { unitClass } from '../structure/unit-class.ts';
import { foldName } from './folded-text.ts';
import type { PathResolver } from './path-resolver.ts';

const script = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs', 'vue', 'svelte', 'json'];
/** What an import leaves out at the end of a path, by the importing file's extension. */
const endings: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /^(?:[mc]?[jt]s|[jt]sx|vue|svelte)$/u,
    [
      '',
      ...script.map((extension) => `.${extension}`),
      ...script.slice(0, 8).map((extension) => `/index.${extension}`),
    ],
  ],
  [/^pyi?$/u, ['.py', '.pyi', '/__init__.py']],
  [/^rs$/u, ['.rs', '/mod.rs']],
];
const keywords =
  /^(?:as|crate|export|extern|from|import|include|include_once|mod|namespace|package|pub|require|require_once|require_relative|self|static|super|type|use|using)$/u;
/** Longer lines, and more names of one file, are not looked into. */
const longestLine = 1_000;
const mostNames = 200;

/**
 * Finds what the import lines of a text name, one step far, in their order and each once. Hints only: where a
 * name outside the file's folder fits several files, none is meant; a Go package, a folder, is not found.
 * @param path of the file, as the resolver's paths
 */
export function importedFiles(path: string, text: string, resolver: PathResolver): string[] {
  const found = new Set<string>();
  const { classes } = lineUnits(path, text);
  const folder = posix.dirname(path);
  const extension = posix.extname(path).slice(1).toLowerCase();
  let names = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (classes[index] !== unitClass.import || line.length > longestLine) continue;
    for (const name of namesIn(line)) {
      if (names++ >= mostNames) return [...found];
      const imported = fileOf(name, folder, extension, resolver);
      if (imported !== null && imported !== path) found.add(imported);
    }
  }
  return [...found];
}

/** What a line names as paths: what it quotes, or else its dotted names with slashes. */
function namesIn(line: string): string[] {
  const quoted = [...line.matchAll(/(?<=["'<])[^"'<>\s]+(?=["'>])/gu)].map(([name]) => name);
  if (quoted.length > 0) return quoted.map((name) => name.replace(/^[@~]\//u, ''));
  const words = line.match(/\.*[\p{L}_$][\p{L}\p{N}_$]*(?:(?:\.|::)[\p{L}_$][\p{L}\p{N}_$]*)*/gu);
  return (words ?? []).flatMap((word) => {
    const [, dots = '', rest = ''] = /^(\.*)(.*)$/u.exec(word) ?? [];
    const parts = rest.split(/\.|::/u).filter((part) => !keywords.test(part));
    if (parts.length === 0) return [];
    const up = dots === '' ? '' : dots.length === 1 ? './' : '../'.repeat(dots.length - 1);
    // The last part may be what is imported from the file.
    const whole = `${up}${parts.join('/')}`;
    return parts.length > 1 ? [whole, `${up}${parts.slice(0, -1).join('/')}`] : [whole];
  });
}

function fileOf(
  name: string,
  folder: string,
  extension: string,
  resolver: PathResolver,
): string | null {
  const [, own] = endings.find(([pattern]) => pattern.test(extension)) ?? [];
  const left = own ?? ['', `.${extension}`];
  // `./a.js` is what `a.ts` becomes.
  const stems = own === undefined ? [name] : [name, name.replace(/\.[mc]?jsx?$/u, '')];
  const written = [...new Set(stems)].flatMap((stem) => left.map((ending) => stem + ending));
  for (const each of written) {
    const beside = posix.join(folder, each);
    if (beside.startsWith('../')) continue;
    const file = resolved(beside, resolver).find((path) => foldName(path) === foldName(beside));
    if (file !== undefined) return file;
  }
  if (name.startsWith('.')) return null;
  // Single words are the names of packages.
  for (const each of written.filter((one) => one.includes('/') || own === undefined)) {
    const [only, ...others] = resolved(each, resolver);
    if (only !== undefined && others.length === 0) return only;
  }
  return null;
}

function resolved(written: string, resolver: PathResolver): readonly string[] {
  const quoted = `"${written}"`;
  const [mention] = resolver.mentions(quoted);
  // No part of it is meant.
  return mention?.start === 1 && mention.end === quoted.length - 1 ? mention.paths : [];
}
