/** The measured part of web-tree-sitter, loaded from a folder at run time. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GrammarName } from './queries.ts';
import { queries } from './queries.ts';

export interface SyntaxNode {
  readonly type: string;
  readonly text: string;
  readonly startPosition: { readonly row: number };
  readonly endPosition: { readonly row: number; readonly column: number };
  readonly startIndex: number;
  readonly endIndex: number;
  readonly parent: SyntaxNode | null;
  readonly previousSibling: SyntaxNode | null;
  readonly hasError: boolean;
  childForFieldName(name: string): SyntaxNode | null;
}

interface Tree {
  readonly rootNode: SyntaxNode;
  delete(): void;
}

interface Match {
  readonly captures: readonly { readonly name: string; readonly node: SyntaxNode }[];
}

interface Query {
  matches(node: SyntaxNode): Match[];
}

interface Parser {
  setLanguage(language: object): void;
  parse(text: string): Tree | null;
}

interface TreeSitter {
  readonly Parser: (new () => Parser) & { init(): Promise<void> };
  readonly Language: { load(bytes: Uint8Array): Promise<object> };
  readonly Query: new (language: object, source: string) => Query;
}

/** A grammar that is ready to parse, with its start-up time and code size. */
export interface Grammar {
  readonly name: GrammarName;
  readonly parser: Parser;
  readonly query: Query;
  /** Milliseconds from the WebAssembly bytes to a parser with a compiled query. */
  readonly startMs: number;
  readonly bytes: number;
}

function isTreeSitter(module: unknown): module is TreeSitter {
  return typeof module === 'object' && module !== null && 'Parser' in module && 'Query' in module;
}

/**
 * Loads web-tree-sitter.
 * @param packages the `node_modules` folder with both packages
 */
export async function loadTreeSitter(packages: string): Promise<TreeSitter> {
  const file = path.resolve(packages, 'web-tree-sitter/web-tree-sitter.js');
  const module: unknown = await import(pathToFileURL(file).href);
  if (!isTreeSitter(module)) throw new Error(`${file} is not web-tree-sitter.`);
  await module.Parser.init();
  return module;
}

/** Loads the grammar of a language and compiles its query. */
export async function loadGrammar(
  treeSitter: TreeSitter,
  packages: string,
  name: GrammarName,
): Promise<Grammar> {
  const file = `@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`;
  const bytes = await readFile(path.resolve(packages, file));
  const startedAt = performance.now();
  const language = await treeSitter.Language.load(bytes);
  const parser = new treeSitter.Parser();
  parser.setLanguage(language);
  const query = new treeSitter.Query(language, queries[name]);
  return { name, parser, query, startMs: performance.now() - startedAt, bytes: bytes.length };
}
