import { describe, expect, it } from 'vitest';
import { factsIn, factsOf } from './facts.ts';

describe('factsOf', () => {
  it.each([
    ['const limit = 512;', 'constant', 'const limit =', ' 512;'],
    ["export const name = 'orders';", 'constant', 'export const name =', " 'orders';"],
    ['  static readonly most: number = 37;', 'constant', 'static readonly most: number =', ' 37;'],
    ['MAX_TRIES = 17', 'constant', 'MAX_TRIES =', ' 17'],
    ['MAX_TRIES: int = 17', 'constant', 'MAX_TRIES: int =', ' 17'],
    ["  Open = 'opened',", 'member', 'Open =', " 'opened',"],
    ['  timeout: 5000,', 'member', 'timeout:', ' 5000,'],
    ['def wait(self, seconds=30):', 'default', 'def wait(self, seconds=', '30'],
    ['function wait(seconds = 30, more) {', 'default', 'function wait(seconds =', ' 30'],
    ["import { a } from './b.js';", 'source', 'import { a } from', " './b.js';"],
    ["const a = require('./b')", 'source', 'const a = require(', "'./b')"],
    ['from .signer import Signer', 'source', 'from ', '.signer '],
    ['export class Bag extends Holder {', 'base', 'class Bag extends', ' Holder'],
    ['class Signer(Keeper):', 'base', 'class Signer(', 'Keeper)'],
    ['function join(parts, mark) {', 'parameters', 'function join(', 'parts, mark)'],
    ['    def join(self, parts):', 'parameters', 'def join(', 'self, parts)'],
    ['  async join(parts, mark) {', 'parameters', 'async join(', 'parts, mark)'],
  ])('takes %s', (line, kind, prefix, expected) => {
    expect(factsOf('f.ts', `// before\n${line}\nafter();\n`)).toEqual([
      { origin: 'fact', kind, heldOutPath: 'f.ts', prefix, expected },
    ]);
  });

  it.each([
    ['a value that anybody guesses', 'const first = 0;'],
    ['a flag', 'const first = true;'],
    ['an expression', 'const first = other + 5;'],
    ['a call', 'let first = read(37);'],
    ['a comparison', 'if (first === 37) {'],
    ['a condition', '  if (first, second) {'],
    ['a call of a method', '  join(parts, mark);'],
  ])('leaves out %s', (_, line) => {
    expect(factsOf('f.ts', line)).toEqual([]);
  });
});

describe('factsIn', () => {
  const files = new Map([
    ['a.ts', 'const limit = 512;\nconst other = 19;\n'],
    ['b.ts', 'const other = 23;\n'],
    ['c.ts', 'const unread = 77;\n'],
  ]);
  const division = { entries: [], read: ['a.ts', 'b.ts'], heldOut: ['c.ts'] };

  it('takes what one file that is read states in one place', () => {
    const facts = factsIn({ name: 'x', files, division }, { seed: 1, count: 9 });
    expect(facts.map(({ prefix, expected }) => prefix + expected)).toEqual(['const limit = 512;']);
  });

  it('says that there is none', () => {
    expect(() => factsIn({ name: 'x', files: new Map(), division }, { seed: 1, count: 9 })).toThrow(
      'No file that is read states a value in one place.',
    );
  });
});
