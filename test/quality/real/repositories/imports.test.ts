import { describe, expect, it } from 'vitest';
import { importsOf } from './imports.ts';

/** The imports of the first file; the other files are empty. */
function importsFrom(text: string, file: string, ...others: string[]): string[] {
  const files = new Map([[file, text], ...others.map((other): [string, string] => [other, ''])]);
  return [...(importsOf(files).get(file) ?? [])];
}

describe('importsOf', () => {
  it.each([
    ["import { b } from './b';", 'src/b.ts'],
    ["import './b.js';", 'src/b.js'],
    ["import type { B } from './b.js';", 'src/b.ts'],
    ["export * from '../lib/b';", 'lib/b.ts'],
    ["export { b } from './deep/';", 'src/deep/index.ts'],
    ["const b = require('./deep');", 'src/deep/index.js'],
    ["const b = await import('./b.mjs');", 'src/b.mjs'],
    ["type B = import('./b').B;", 'src/b.tsx'],
    ["export { b } from '.';", 'src/index.ts'],
  ])('of scripts: %s', (text, expected) => {
    expect(importsFrom(text, 'src/a.ts', expected)).toEqual([expected]);
  });

  it.each([
    ['from .b import c', 'pkg/b.py'],
    ['from . import b', 'pkg/b.py'],
    ['from . import (\n    other,\n    b as c,\n)', 'pkg/b.py'],
    ['from .b.c import d', 'pkg/b/c.py'],
    ['from .b import c', 'pkg/b/__init__.py'],
    ['from pkg.b import c', 'pkg/b.py'],
    ['from pkg import b', 'pkg/b.py'],
    ['import pkg.b', 'pkg/b.py'],
    ['def f():\n    from .b import c', 'pkg/b.py'],
  ])('of Python: %s', (text, expected) => {
    expect(importsFrom(text, 'pkg/a.py', expected)).toEqual([expected]);
  });

  it('goes up by dots', () => {
    expect(importsFrom('from ..b import c', 'pkg/deep/a.py', 'pkg/b.py')).toEqual(['pkg/b.py']);
    expect(importsFrom('from ... import b', 'pkg/deep/er/a.py', 'pkg/b.py')).toEqual(['pkg/b.py']);
  });

  it.each([
    ["import b from 'b';", 'src/a.ts', 'src/b.ts'],
    ["// import './b';\nconst x = \"import './b'\";", 'src/a.ts', 'src/b.ts'],
    ["import './a';", 'src/a.ts', 'src/b.ts'],
    ['import os\n# from .b import c', 'pkg/a.py', 'pkg/b.py'],
  ])('sees none in: %s', (text, file, other) => {
    expect(importsFrom(text, file, other)).toEqual([]);
  });
});
