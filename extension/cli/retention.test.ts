import { describe, expect, it } from 'vitest';
import type { Retention } from '../protocol/requests/retention.ts';
import { fileLines, fileTable } from './retention.ts';

/** Makes a reply that counts how often paths of its files are read. */
function reply(count: number): { readonly retention: Retention; readonly looks: () => number } {
  let looks = 0;
  const files = Array.from({ length: count }, (_, index) => ({
    get path() {
      looks += 1;
      return `src/file-${String(index)}.ts`;
    },
    tokens: 10,
    kept: 0.5,
  }));
  const lines = files.map(() => [0.5, 1]);
  return { retention: { files, lines: [], fileLines: lines, heads: [[5]] }, looks: () => looks };
}

describe('loci retention', () => {
  it('looks at each of 100,000 files a fixed number of times', () => {
    const { retention, looks } = reply(100_000);
    const all = fileLines(retention, undefined);
    expect(all).toHaveLength(100_000);
    expect(all[99_999]).toMatchObject({ path: 'src/file-99999.ts', lines: [0.5, 1] });
    expect(fileTable(retention).split('\n')).toHaveLength(100_005);
    expect(looks()).toBeLessThanOrEqual(400_000);
  });

  it('gives one file its lines', () => {
    const { retention } = reply(3);
    const one = fileLines({ ...retention, lines: [1] }, 'src/file-1.ts');
    expect(one).toEqual([{ path: 'src/file-1.ts', tokens: 10, kept: 0.5, lines: [1] }]);
  });

  it('keeps the name of a file on its line', () => {
    const files = [{ path: 'a\n\u001b]0;x\u0007.ts', tokens: 1, kept: 1 }];
    const table = fileTable({ files, lines: [], heads: [] });
    expect(table).toContain('a\\u000a\\u001b]0;x\\u0007.ts\n');
  });
});
