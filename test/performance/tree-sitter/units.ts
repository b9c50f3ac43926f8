/**
 * Converts the declarations of both sides to one form: heads, from line 0, at most one per line.
 */

import { OccurrenceScanner } from '../../../extension/repository/recall/occurrences.ts';
import { lineUnits } from '../../../extension/repository/structure/line-units.ts';
import { unitClass } from '../../../extension/repository/structure/unit-class.ts';
import type { Grammar, SyntaxNode } from './grammar.ts';

type Kind = 'import' | 'signature' | 'type' | 'value';

/** A declaration's head: its lines and the known names that it declares. */
export interface Unit {
  readonly kind: Kind;
  readonly first: number;
  readonly last: number;
  readonly names: readonly string[];
  /** Whether it is a key of data, which either side may omit. */
  readonly optional: boolean;
}

const kinds: ReadonlyMap<number, Kind> = new Map([
  [unitClass.import, 'import'],
  [unitClass.signature, 'signature'],
  [unitClass.type, 'type'],
  [unitClass.value, 'value'],
] as const);
/** The most lines of a head, as in `structure/heads.ts`. */
const limits: Readonly<Record<Kind, number>> = { import: 120, signature: 48, type: 48, value: 12 };

/** Units of our lexer and tables; the names are those that recall takes for definitions. */
export function ourUnits(path: string, text: string): Unit[] {
  const { units, classes } = lineUnits(path, text);
  const lines = text.split('\n');
  const scanner = new OccurrenceScanner();
  const found: Unit[] = [];
  let names: string[] = [];
  for (let first = 0; first < units.length;) {
    let last = first;
    names = [];
    while (units[last] === units[first] && last < units.length) {
      const defined = scanner.scan(lines[last] ?? '').filter(({ kind }) => kind === 'definition');
      names.push(...defined.map(({ name }) => name));
      last++;
    }
    const kind = kinds.get(classes[first] ?? 0);
    if (kind !== undefined) found.push({ kind, first, last: last - 1, names, optional: false });
    first = last;
  }
  return found;
}

const wrappers = new Set([
  'export_statement',
  'ambient_declaration',
  'decorated_definition',
  'template_declaration',
]);
/** Statements whose blocks declare names in the enclosing scope. */
const transparent = new Set([
  'block',
  'if_statement',
  'else_clause',
  'elif_clause',
  'try_statement',
  'except_clause',
  'finally_clause',
  'with_statement',
]);

/** Whether a nested assignment declares a name of the module or a class. */
function isOutside(node: SyntaxNode): boolean {
  let parent = node.parent;
  while (parent !== null && transparent.has(parent.type)) parent = parent.parent;
  return parent?.type === 'module' || parent?.type === 'class_definition';
}

/** Units of a tree. */
export function treeUnits(
  { parser, query }: Grammar,
  text: string,
  lines: readonly string[],
): Unit[] {
  const tree = parser.parse(text);
  if (tree === null) return [];
  const byLine = new Map<number, Unit>();
  for (const { captures } of query.matches(tree.rootNode)) {
    const unit = unitOf(captures, lines);
    if (unit === null) continue;
    const other = byLine.get(unit.first);
    if (other === undefined || rank(unit) > rank(other)) byLine.set(unit.first, unit);
  }
  tree.delete();
  return withoutNested([...byLine.values()].sort((a, b) => a.first - b.first));
}

/** Orders matches on the same line; the highest one counts. */
function rank({ kind, optional }: Unit): number {
  return optional ? 0 : { value: 1, signature: 2, type: 3, import: 4 }[kind];
}

function unitOf(
  captures: readonly { readonly name: string; readonly node: SyntaxNode }[],
  lines: readonly string[],
): Unit | null {
  let kind: Kind = 'value';
  let node: SyntaxNode | null = null;
  let holder: SyntaxNode | null = null;
  let optional = false;
  let inFunction = false;
  const names: string[] = [];
  for (const capture of captures) {
    switch (capture.name) {
      case 'import':
      case 'signature':
      case 'type':
      case 'value':
        kind = capture.name;
        node = capture.node;
        break;
      case 'nested':
        node = isOutside(capture.node) ? capture.node : null;
        break;
      case 'forward':
        kind = 'type';
        node = isForward(capture.node) ? capture.node : null;
        break;
      case 'salvaged':
        kind = 'signature';
        node = isLost(capture.node) ? capture.node : null;
        break;
      case 'optional':
        optional = true;
        node = capture.node;
        break;
      case 'conditional':
        inFunction ||= !isDeclaring(capture.node);
        break;
      case 'holder':
        holder = capture.node;
        break;
      case 'name':
        names.push(capture.node.text);
    }
  }
  if (node === null || inFunction) return null;
  const last = headEnd(holder ?? node, node, kind, lines);
  let outer = node;
  while (outer.parent !== null && wrappers.has(outer.parent.type)) outer = outer.parent;
  const first = outer.startPosition.row;
  return { kind, first, last: Math.max(first, last), names, optional };
}

/** Whether a preprocessor conditional lies in a scope with visible declarations. */
function isDeclaring(node: SyntaxNode): boolean {
  let parent = node.parent;
  while (parent?.type.startsWith('preproc_') === true) parent = parent.parent;
  return parent !== null && /^(?:translation_unit|(?:field_)?declaration_list)$/.test(parent.type);
}

/** Whether a function's head lies in an error node, outside bodies. */
function isLost(node: SyntaxNode): boolean {
  let lost = false;
  for (let { parent } = node; parent !== null; { parent } = parent) {
    if (parent.type === 'compound_statement') return false;
    lost ||= parent.type === 'ERROR';
  }
  return lost;
}

/** A forward declaration of a class: a statement of its own. */
function isForward({ parent }: SyntaxNode): boolean {
  return parent !== null && /^(?:translation_unit|declaration_list|preproc_\w+)$/.test(parent.type);
}

/** The last line of a head: where its body opens, or where it ends without one. */
function headEnd(
  holder: SyntaxNode,
  node: SyntaxNode,
  kind: Kind,
  lines: readonly string[],
): number {
  const first = node.startPosition.row;
  let before = holder.childForFieldName('body')?.previousSibling;
  while (before?.type === 'comment') before = before.previousSibling;
  if (before !== undefined && before !== null) return before.endPosition.row;
  const end = node.endPosition;
  const last = end.column === 0 && end.row > first ? end.row - 1 : end.row;
  if (kind === 'type' || kind === 'value') {
    for (let line = first; line < last; line++) {
      // Data is a head with members; a brace that stays open on its line starts them.
      const opens = kind === 'value' ? /[[{]\s*$|\{[^}]*$/ : /[[{]\s*$/;
      if (line - first < limits[kind] && opens.test(lines[line] ?? '')) return line;
    }
  }
  return last - first < limits[kind] ? last : first;
}

/** Drops units that another unit's head covers. */
function withoutNested(units: readonly Unit[]): Unit[] {
  const kept: Unit[] = [];
  for (const unit of units) {
    const above = kept.at(-1);
    if (above === undefined || above.last < unit.first || above.optional) kept.push(unit);
  }
  return kept;
}
