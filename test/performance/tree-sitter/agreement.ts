/** Compares two lists of declarations. */

import type { Unit } from './units.ts';

type Difference = 'only ours' | 'only tree-sitter' | 'kind' | 'first line' | 'last line';

export interface Disagreement {
  readonly difference: Difference;
  readonly line: number;
  readonly ours: Unit | null;
  readonly tree: Unit | null;
}

export interface Agreement {
  /** Declarations in both lists with the same kind and lines. */
  readonly same: number;
  /**
   * Of `same`: those whose name the tree knows; and of these, those whose name we find as defined.
   */
  readonly named: number;
  readonly nameFound: number;
  readonly disagreements: readonly Disagreement[];
}

/** Compares the units of one file; optional ones count only if both lists have them. */
export function compareUnits(ours: readonly Unit[], tree: readonly Unit[]): Agreement {
  const rest = new Map(tree.map((unit) => [unit.first, unit]));
  const disagreements: Disagreement[] = [];
  const unmatched: Unit[] = [];
  let same = 0;
  let named = 0;
  let nameFound = 0;
  for (const unit of ours) {
    const other = rest.get(unit.first);
    if (other === undefined) {
      unmatched.push(unit);
      continue;
    }
    rest.delete(unit.first);
    if (other.optional) continue;
    const difference = differenceOf(unit, other);
    if (difference === null) {
      same++;
      const name = nameOf(other);
      if (name !== null) named++;
      if (name !== null && unit.names.includes(name)) nameFound++;
    } else disagreements.push({ difference, line: unit.first, ours: unit, tree: other });
  }
  for (const unit of unmatched) {
    // Decorators, or a head that begins on another line in the other list.
    const other = [...rest.values()].find(
      ({ first, last, optional }) => !optional && first <= unit.last && last >= unit.first,
    );
    if (other !== undefined) rest.delete(other.first);
    disagreements.push({
      difference: other === undefined ? 'only ours' : 'first line',
      line: unit.first,
      ours: unit,
      tree: other ?? null,
    });
  }
  for (const unit of rest.values()) {
    if (unit.optional) continue;
    disagreements.push({
      difference: 'only tree-sitter',
      line: unit.first,
      ours: null,
      tree: unit,
    });
  }
  return { same, named, nameFound, disagreements };
}

function differenceOf(ours: Unit, tree: Unit): Difference | null {
  if (ours.kind !== tree.kind) return 'kind';
  return ours.last === tree.last ? null : 'last line';
}

/** The name without qualifiers; null for imports, patterns and operators. */
function nameOf({ kind, names }: Unit): string | null {
  if (kind === 'import' || names.length === 0) return null;
  return /[\p{L}_$][\p{L}\p{N}_$]*$/u.exec(names[0] ?? '')?.[0] ?? null;
}
