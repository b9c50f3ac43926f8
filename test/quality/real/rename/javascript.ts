/** Parses JavaScript and TypeScript for renaming, with the compiler's own parser. */
import ts from 'typescript';
import type { Piece, PieceKind, Reading } from './pieces.ts';

/**
 * Parses one file.
 * @param isOwn whether an import specifier refers to a file of the repository
 */
export function readJavaScript(
  path: string,
  text: string,
  isOwn: (specifier: string) => boolean,
): Reading {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const leaves: (Piece | { kind: null; from: number; to: number })[] = [];
  const declared = new Set<string>();
  const external = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (isDeclaration(node)) declared.add(node.name.text.replace(/^#/u, ''));
    for (const name of externalNames(node, isOwn)) external.add(name);
    const kind = kindOf(node, isOwn);
    if (kind === undefined) ts.forEachChild(node, visit);
    else leaves.push({ kind, from: node.getStart(file, false), to: node.end });
  };
  visit(file);
  leaves.sort((a, b) => a.from - b.from);
  const pieces: Piece[] = [];
  let at = 0;
  for (const leaf of [...leaves, { kind: null, from: text.length, to: text.length }]) {
    pieces.push(...commentsIn(text, at, leaf.from));
    // The parser inserts missing names with length 0.
    if (leaf.kind !== null && leaf.to > leaf.from) {
      pieces.push({ kind: leaf.kind, from: leaf.from, to: leaf.to });
    }
    at = Math.max(at, leaf.to);
  }
  return { pieces, declared, external };
}

/** Comments between two tokens, a range without strings and expressions. */
function commentsIn(text: string, from: number, to: number): Piece[] {
  return [...text.slice(from, to).matchAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/gu)].map((match) => ({
    kind: 'prose',
    from: from + match.index,
    to: from + match.index + match[0].length,
  }));
}

/** undefined: not a token; null: a token that stays. */
function kindOf(
  node: ts.Node,
  isOwn: (specifier: string) => boolean,
): PieceKind | null | undefined {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
    // `new.target`
    return ts.isMetaProperty(node.parent) ? null : 'name';
  }
  if (ts.isRegularExpressionLiteral(node)) return 'pattern';
  if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) return 'number';
  if (ts.isStringLiteral(node)) {
    if (node.text === 'use strict') return null;
    if (isSpecifier(node)) return isOwn(node.text) ? 'path' : null;
    return /^\.\.?\//u.test(node.text) ? 'path' : 'text';
  }
  if (ts.isTemplateLiteralToken(node) || ts.isJsxText(node)) return 'text';
  return undefined;
}

function isSpecifier(node: ts.StringLiteral): boolean {
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  if (ts.isExternalModuleReference(parent) || ts.isModuleDeclaration(parent)) return true;
  if (ts.isLiteralTypeNode(parent) && ts.isImportTypeNode(parent.parent)) return true;
  return isLoad(parent) !== null;
}

/** The argument of a `require` or `import` call. */
function isLoad(node: ts.Node): string | null {
  if (!ts.isCallExpression(node)) return null;
  const { expression: callee, arguments: args } = node;
  const [first] = args;
  const loads =
    callee.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(callee) && callee.text === 'require');
  return loads && first !== undefined && ts.isStringLiteral(first) ? first.text : null;
}

type Declared = ts.Node & { readonly name: ts.Identifier | ts.PrivateIdentifier };

function isDeclaration(node: ts.Node): node is Declared {
  const declares =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isEnumMember(node) ||
    ts.isModuleDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node);
  if (!declares) return false;
  const { name } = node as { name?: ts.Node };
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name));
}

/** The names that an import or a `require` takes from other packages; for `a as b` the first. */
function externalNames(node: ts.Node, isOwn: (specifier: string) => boolean): string[] {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const { importClause } = node;
    if (isOwn(node.moduleSpecifier.text) || importClause === undefined) return [];
    const { name, namedBindings } = importClause;
    const own = name === undefined ? [] : [name.text];
    if (namedBindings === undefined) return own;
    if (ts.isNamespaceImport(namedBindings)) return [...own, namedBindings.name.text];
    const named = namedBindings.elements.map((one) => (one.propertyName ?? one.name).text);
    return [...own, ...named];
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    const { exportClause, moduleSpecifier } = node;
    const isForeign = ts.isStringLiteral(moduleSpecifier) && !isOwn(moduleSpecifier.text);
    if (!isForeign || exportClause === undefined || !ts.isNamedExports(exportClause)) return [];
    return exportClause.elements.map((one) => (one.propertyName ?? one.name).text);
  }
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined) {
    const specifier = loadedBy(node.initializer);
    return specifier === null || isOwn(specifier) ? [] : boundNames(node.name);
  }
  return [];
}

/** Matches `require('a')`, `require('a').b`, `require('a')('c')`, `await import('a')`. */
function loadedBy(node: ts.Expression): string | null {
  const found = isLoad(node);
  if (found !== null) return found;
  if (
    ts.isPropertyAccessExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isAwaitExpression(node)
  ) {
    return loadedBy(node.expression);
  }
  return null;
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => {
    if (ts.isOmittedExpression(element)) return [];
    const { propertyName } = element;
    if (propertyName !== undefined && ts.isIdentifier(propertyName)) return [propertyName.text];
    return boundNames(element.name);
  });
}
