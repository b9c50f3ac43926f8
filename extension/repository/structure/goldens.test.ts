/**
 * One text per language, each line marked with its class: `.` none, `I`mport, `S`ignature, `T`ype,
 * `V`alue, `R`eturn of a literal, and `|` if it continues the unit above it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lineUnits } from './line-units.ts';

const folder = new URL('../../../test/fixtures/structure/', import.meta.url);
const goldens = readdirSync(folder).map((name) => ({
  path: `src/${name.replace(/\.txt$/, '')}`,
  marked: readFileSync(new URL(name, folder), 'utf8').replaceAll('\r\n', '\n'),
}));

function unmark(marked: string): string {
  return marked.replace(/^.{1,3}/gm, '');
}

/** Marks a text in the format of the goldens. */
function mark(path: string, text: string): string {
  const { units, classes } = lineUnits(path, text);
  const lines = text.split('\n').slice(0, -1);
  expect(units).toHaveLength(lines.length);
  expect(classes).toHaveLength(lines.length);
  return lines
    .map((line, index) => {
      const goesOn = index > 0 && units[index] === units[index - 1];
      const letter = '.PISTVR'.charAt(classes[index] ?? 0);
      return `${`${letter}${goesOn ? '|' : ' '} ${line}`.trimEnd()}\n`;
    })
    .join('');
}

describe('the units of', () => {
  it.each(goldens)('$path', ({ path, marked }) => {
    expect(mark(path, unmark(marked))).toBe(marked);
  });

  it('a text with a byte order mark, or other ends of lines, are the same', () => {
    for (const { path, marked } of goldens) {
      const text = unmark(marked);
      expect(lineUnits(path, `\uFEFF${text}`)).toEqual(lineUnits(path, text));
      expect(lineUnits(path, text.replaceAll('\n', '\r\n'))).toEqual(lineUnits(path, text));
      expect(lineUnits(path, text.trimEnd())).toEqual(lineUnits(path, text));
    }
  });
});

it('goes by the interpreter where a name says nothing', () => {
  const classes = (path: string, text: string): number[] => [...lineUnits(path, text).classes];
  expect(classes('bin/run', '#!/usr/bin/env python3\nimport os\n')).toEqual([0, 2]);
  expect(classes('bin/run', 'import os\n')).toEqual([0]);
  expect(classes('src/Makefile', 'all: a\n')).toEqual([3]);
});
