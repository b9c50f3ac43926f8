/**
 * Counts which side finds the functions that a C or C++ header marks with a macro. A pattern for
 * lines, independent of both sides, decides what is marked.
 */

import type { SourceFile } from './corpus.ts';
import type { Grammar } from './grammar.ts';
import type { Unit } from './units.ts';
import { ourUnits, treeUnits } from './units.ts';

/** `NAME_API type function(`; excludes functions wrapped in a second macro. */
const marked = /^\s*[A-Z][A-Z\d]*(?:_[A-Z\d]+)*_(?:API|EXTERN)\s+(?!.*DEPRECATED)\w/u;
/** Files with fewer marked lines get no row. */
const least = 5;

/** A row for each file with marked functions, and their sum. */
export function exportedTable(
  files: readonly SourceFile[],
  grammarOf: (file: SourceFile) => Grammar,
): Readonly<Record<string, string | number>>[] {
  const rows = files.flatMap((file) => {
    const wanted = [...file.lines.keys()].filter((line) => marked.test(file.lines[line] ?? ''));
    if (wanted.length < least) return [];
    const found = (units: readonly Unit[]): number => {
      const lines = new Set(units.filter(({ kind }) => kind === 'signature').map((u) => u.first));
      return wanted.filter((line) => lines.has(line)).length;
    };
    return {
      header: file.path.slice(file.path.lastIndexOf('/') + 1),
      functions: wanted.length,
      ours: found(ourUnits(file.path, file.text)),
      'tree-sitter': found(treeUnits(grammarOf(file), file.text, file.lines)),
    };
  });
  const sum = (key: 'functions' | 'ours' | 'tree-sitter'): number =>
    rows.reduce((total, row) => total + row[key], 0);
  return [
    ...rows,
    {
      header: 'all',
      functions: sum('functions'),
      ours: sum('ours'),
      'tree-sitter': sum('tree-sitter'),
    },
  ];
}
