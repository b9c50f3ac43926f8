import { describe, expect, it } from 'vitest';
import { OccurrenceScanner } from './occurrences.ts';

/** What a text's last line does with a name. */
function kindOf(name: string, ...lines: readonly string[]): string | undefined {
  const scanner = new OccurrenceScanner();
  const last = lines.map((line) => scanner.scan(line)).at(-1);
  return last?.find((occurrence) => occurrence.name === name)?.kind;
}

describe('a definition', () => {
  it.each([
    'const x = 1;',
    'export const x: number = 1;',
    'let x;',
    'export async function x(a) {',
    'function* x() {',
    'export default class x extends Base {',
    'interface x {',
    'type x = string;',
    'def x(self):',
    '    async def x(self):',
    'x = 5',
    'x: int = 5',
    'self.x = 5',
    'this.x = 5;',
    '  x: 5,',
    '  "x": 5,',
    "  'x': 5,",
    '  x = 3,',
    '  private static readonly x = 3;',
    '  async x(a, b) {',
    '  get x() {',
    'function f(a, x = 3) {',
    'const f = (x = 3) => {',
    'def f(a, x=3):',
    'fn x() -> u32 {',
    'pub struct x {',
    'func x(a int) error {',
    'func (r *T) x(a int) {',
    'static int x(int a) {',
    '#define x 3',
    'const { x: y } = z;',
  ])('%s', (line) => {
    expect(kindOf('x', line)).toBe('definition');
  });
});

describe('an import', () => {
  it.each([
    "import { x } from './a';",
    "import x from 'x';",
    "const { x } = require('a');",
    'from a.b import x',
    "export { x } from './a';",
    'use std::x;',
    '#include <x>',
  ])('%s', (line) => {
    expect(kindOf('x', line)).toBe('import');
  });

  it('may go over several lines, and ends', () => {
    const head = ['import {', '  a,'];
    expect(kindOf('x', ...head, '  x,')).toBe('import');
    expect(kindOf('x', ...head, '  x,', "} from 'm';", 'call(x);')).toBe('use');
    expect(kindOf('x', 'from m import (', '    x,')).toBe('import');
    expect(kindOf('x', 'from m import (', '    a)', 'x = 1')).toBe('definition');
  });
});

describe('a use', () => {
  it.each([
    'return x;',
    'if (x === 1) {',
    'if (x == 1) {',
    'call(x);',
    'x(1);',
    'call(limit, x=3)',
    'y = x + 1;',
    'const y = x;',
    'case x:',
    'a ? x : y',
    'y.x();',
    'return x(1) {',
    'for (const y of x) {',
    '// about x',
    'std::x::y();',
  ])('%s', (line) => {
    expect(kindOf('x', line)).toBe('use');
  });
});

it('is nothing for a part of a longer name', () => {
  expect(kindOf('x', 'const max = xs;')).toBeUndefined();
});
