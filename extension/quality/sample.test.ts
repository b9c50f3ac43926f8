import { describe, expect, it } from 'vitest';
import type { Probe, ProbeKind } from '../protocol/requests/probes.ts';
import { sampleProbes } from './sample.ts';

function probe(file: number, line: number, kind: ProbeKind = 'constant'): Probe {
  const path = `file${String(file)}.ts`;
  return { kind, path, line, name: 'a', prompt: 'a = ', expected: '12', after: '' };
}

/** 100 files of 10 candidates each, except the first, which has 500. */
const files = Array.from({ length: 100 }, (_, file) =>
  Array.from({ length: file === 0 ? 500 : 10 }, (__, line) => probe(file, line + 1)),
);
const all = (): boolean => true;

describe('sampleProbes', () => {
  it('draws the same for one seed and others for another', () => {
    expect(sampleProbes(files, 20, 7, all)).toEqual(sampleProbes(files, 20, 7, all));
    expect(sampleProbes(files, 20, 7, all)).not.toEqual(sampleProbes(files, 20, 8, all));
  });

  it('asks about every part of the repository, not about the largest file', () => {
    const numbers = sampleProbes(files, 20, 7, all).map(({ path }) =>
      Number(/\d+/u.exec(path)?.[0]),
    );
    const fifths = numbers.map((file) => Math.floor(file / 5));
    expect(fifths).toEqual(Array.from({ length: 20 }, (_, fifth) => fifth));
  });

  it('draws several of a file where files are few, each once', () => {
    const drawn = sampleProbes(files.slice(0, 3), 30, 7, all);
    expect(drawn).toHaveLength(30);
    expect(new Set(drawn).size).toBe(30);
    for (const path of ['file0.ts', 'file1.ts', 'file2.ts']) {
      expect(drawn.filter((each) => each.path === path)).toHaveLength(10);
    }
  });

  it('replaces what is not acceptable, and ends where nothing is left', () => {
    const odd = ({ line }: Probe): boolean => line % 2 === 1;
    const drawn = sampleProbes(files.slice(1, 3), 30, 7, odd);
    expect(drawn).toHaveLength(10);
    expect(drawn.every(odd)).toBe(true);
    expect(sampleProbes(files, 5, 7, () => false)).toEqual([]);
  });

  it('does not let the commonest kind crowd out the others', () => {
    const mixed = Array.from({ length: 200 }, (_, file) => [
      ...Array.from({ length: 9 }, (__, line) => probe(file, line + 1)),
      probe(file, 10, 'symbol'),
    ]);
    const symbols = sampleProbes(mixed, 200, 7, all).filter(({ kind }) => kind === 'symbol');
    expect(symbols.length).toBeGreaterThan(60);
  });
});
