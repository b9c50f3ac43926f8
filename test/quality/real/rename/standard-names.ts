/** The names of languages, their libraries and their usual environments. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { z } from 'zod';
import { fromRoot } from '../../../../scripts/support/paths.mjs';
import type { StandardNames } from './pieces.ts';
import { wordsOf } from './words.ts';

/** Names of encodings and modules that appear in no declaration. */
const others = `arguments ascii base64 base64url binary constructor default exports globalThis hex latin1 module
  prototype require ucs2 utf utf8 utf16le`;

let javaScript: StandardNames | null = null;
let python: StandardNames | null = null;

/**
 * The names in the declarations of the compiler and of Node.js. The language's own names and
 * globals of several words always stay; other names of browsers, Node.js, `Intl` and `Atomics` stay
 * unless the repository declares them.
 */
export function javaScriptNames(): StandardNames {
  if (javaScript !== null) return javaScript;
  const always = new Set(others.split(/\s+/u));
  const unlessDeclared = new Set<string>();
  for (const kind of Object.values(ts.SyntaxKind)) {
    if (typeof kind === 'string' || kind < ts.SyntaxKind.FirstKeyword) continue;
    const word = kind > ts.SyntaxKind.LastKeyword ? undefined : ts.tokenToString(kind);
    if (word !== undefined) always.add(word);
  }
  const library = fromRoot('node_modules', 'typescript', 'lib');
  for (const name of readdirSync(library)) {
    if (!/^lib\..*\.d\.ts$/u.test(name) || name.includes('webworker')) continue;
    const isLanguage = /^lib\.(?:es|decorators)/u.test(name) && !name.includes('intl');
    collect(path.join(library, name), isLanguage ? always : unlessDeclared, unlessDeclared);
    if (name === 'lib.dom.d.ts')
      for (const global of globalsOf(path.join(library, name))) always.add(global);
  }
  const node = fromRoot('node_modules', '@types', 'node');
  for (const name of readdirSync(node)) {
    if (name.endsWith('.d.ts')) collect(path.join(node, name), unlessDeclared, unlessDeclared);
  }
  javaScript = { always, unlessDeclared };
  return javaScript;
}

const pythonFile = z.object({ always: z.array(z.string()), unlessDeclared: z.array(z.string()) });

/** The names that `python-names.py` collected. */
export function pythonNames(): StandardNames {
  if (python !== null) return python;
  const text = readFileSync(new URL('python-names.json', import.meta.url), 'utf8');
  const lists = pythonFile.parse(JSON.parse(text));
  const split = (lines: readonly string[]): Set<string> =>
    new Set(lines.flatMap((line) => line.split(' ')));
  python = { always: split(lists.always), unlessDeclared: split(lists.unlessDeclared) };
  return python;
}

/** Global names of several words; methods may have them too (`clearTimeout`). */
function globalsOf(file: string): string[] {
  const { statements } = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.ESNext,
  );
  const names = statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => name);
    }
    return [(statement as { name?: ts.Node }).name];
  });
  return names.flatMap((name) =>
    name !== undefined && ts.isIdentifier(name) && wordsOf(name.text).length > 1 ? [name.text] : [],
  );
}

/** Collects the names that a file declares, except parameters and type parameters. */
function collect(file: string, names: Set<string>, rareNames: Set<string>): void {
  const text = readFileSync(file, 'utf8');
  const visit = (node: ts.Node, into: Set<string>): void => {
    if (ts.isParameter(node) || ts.isTypeParameterDeclaration(node)) return;
    const { name } = node as { name?: ts.Node };
    const isName = name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name));
    if (isName && !ts.isPropertyAccessExpression(node)) into.add(name.text);
    const isRare =
      (ts.isModuleDeclaration(node) && node.name.text === 'Intl') ||
      (ts.isInterfaceDeclaration(node) && node.name.text === 'Atomics');
    ts.forEachChild(node, (child) => {
      visit(child, isRare ? rareNames : into);
    });
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true), names);
}
