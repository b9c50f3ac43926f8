import { describe, expect, it } from 'vitest';
import { divide } from './hold-out.ts';
import type { Files } from './sources.ts';

const body = (lines: number): string => 'const line = 1;\n'.repeat(lines);

/** Files (20 by default) that each import the next, and an index. */
function chain(count = 20, lines = 30): Map<string, string> {
  const files = new Map([['src/index.ts', "export * from './file0';\n"]]);
  for (let index = 0; index < count; index++) {
    const next = `import './file${(index + 1) % count}';\n`;
    files.set(`src/file${index}.ts`, next + body(lines));
  }
  return files;
}
const of = (files: Files, seed = 1, name = 'gadget'): ReturnType<typeof divide> =>
  divide(files, { seed, name });

describe('divide', () => {
  it('puts each file in one list', () => {
    const files = chain();
    const { entries, read, heldOut } = of(files);
    expect([...entries, ...read, ...heldOut].sort()).toEqual([...files.keys()].sort());
  });

  it('holds out 10 to 20 % of the files, by seed', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const { heldOut } = of(chain(), seed);
      expect(heldOut).toEqual(of(chain(), seed).heldOut);
      expect(heldOut.length / 21).toBeGreaterThanOrEqual(0.1);
      expect(heldOut.length / 21).toBeLessThanOrEqual(0.2);
      seen.add(heldOut.join());
    }
    expect(seen.size).toBeGreaterThan(15);
  });

  it('does not depend on the order of files', () => {
    const files = chain();
    expect(of(new Map([...files].reverse()))).toEqual(of(files));
  });

  it.each([
    ['a file named so', 'src/deep/index.ts'],
    ['a program', 'src/main.ts'],
    ['a command', 'src/cli.ts'],
    ['the file of the package', 'src/gadget.ts'],
    ['the file of a longer name', 'src/Gadget.js'],
  ])('never holds out %s', (_, entry) => {
    const files = new Map([
      [entry, `import './other';\n${body(30)}`],
      ['src/other.ts', `import '${entry.replace('src/', './')}';\nimport './third';\n${body(30)}`],
      ['src/third.ts', `import './other';\n${body(30)}`],
    ]);
    for (let seed = 1; seed <= 20; seed++) {
      const { entries, heldOut } = of(files, seed, entry.includes('G') ? 'big-gadget' : 'gadget');
      expect(entries).toContain(entry);
      expect(heldOut).not.toContain(entry);
      expect(heldOut).toHaveLength(1);
    }
  });

  it.each([
    ['is not imported', "import './b';\n", "import './c';\n"],
    ['imports nothing', '', "import './a';\nimport './c';\n"],
  ])('never holds out a file that %s', (_, ofA, ofB) => {
    const files = new Map([
      ['src/a.ts', ofA + body(30)],
      ['src/b.ts', ofB + body(30)],
      ['src/c.ts', `import './b';\n${body(30)}`],
    ]);
    for (let seed = 1; seed <= 20; seed++)
      expect(of(files, seed).heldOut).not.toContain('src/a.ts');
  });

  it('never holds out a file that only passes on others, or is short', () => {
    const files = new Map([
      ['src/a.ts', `import './b';\n${"export * from './c';\n".repeat(30)}`],
      ['src/b.ts', `import './a';\nimport './d';\n${body(10)}`],
      ['src/c.ts', `import './a';\n${body(30)}`],
      ['src/d.ts', `import './b';\n${body(30)}`],
    ]);
    for (let seed = 1; seed <= 20; seed++) {
      expect(['src/c.ts', 'src/d.ts']).toEqual(
        expect.arrayContaining([...of(files, seed).heldOut]),
      );
    }
  });

  it('holds out at most a fifth of the text', () => {
    const files = chain();
    files.set('src/file3.ts', `import './file4';\n${body(400)}`);
    for (let seed = 1; seed <= 20; seed++) {
      const { heldOut } = of(files, seed);
      const length = (paths: Iterable<string>): number =>
        [...paths].reduce((sum, file) => sum + (files.get(file)?.length ?? 0), 0);
      expect(length(heldOut)).toBeLessThanOrEqual(0.2 * length(files.keys()));
    }
  });

  it('takes the shortest file where each is more than that', () => {
    const files = new Map([
      ['src/a.ts', `import './b';\n${body(40)}`],
      ['src/b.ts', `import './a';\n${body(30)}`],
    ]);
    expect(of(files).heldOut).toEqual(['src/b.ts']);
  });

  it('says that there is nothing to hold out', () => {
    expect(() => of(new Map([['src/a.ts', body(30)]]))).toThrow('No file can be held out');
  });
});
