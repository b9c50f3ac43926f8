import { describe, expect, it } from 'vitest';
import { compareUnits } from './agreement.ts';
import type { Unit } from './units.ts';

function unit(changes: Partial<Unit> = {}): Unit {
  return { kind: 'signature', first: 4, last: 6, names: ['open'], optional: false, ...changes };
}

describe('two lists of declarations', () => {
  it('agree on the same kind and lines, whatever the name, which is counted apart', () => {
    const same = compareUnits([unit()], [unit({ names: ['Store::open'] })]);
    expect(same).toEqual({ same: 1, named: 1, nameFound: 1, disagreements: [] });
    const unnamed = compareUnits([unit({ names: ['close'] })], [unit()]);
    expect(unnamed).toEqual({ same: 1, named: 1, nameFound: 0, disagreements: [] });
  });

  it.each([
    ['kind', [unit()], [unit({ kind: 'type' })]],
    ['last line', [unit()], [unit({ last: 7 })]],
    ['first line', [unit()], [unit({ first: 3 })]],
    ['only ours', [unit()], []],
    ['only tree-sitter', [], [unit()]],
  ] as const)('differ in: %s', (difference, ours, tree) => {
    const { same, disagreements } = compareUnits(ours, tree);
    expect(same).toBe(0);
    expect(disagreements.map((one) => one.difference)).toEqual([difference]);
  });

  it('do not count what is optional', () => {
    const optional = unit({ optional: true, kind: 'value' });
    expect(compareUnits([], [optional]).disagreements).toEqual([]);
    expect(compareUnits([unit()], [optional])).toMatchObject({ same: 0, disagreements: [] });
  });
});
