import { describe, expect, it } from 'vitest';
import { fileTree, keptShare, trail } from './file-tree.ts';
import type { FolderNode, MapNode } from './file-tree.ts';

const files = [
  { path: 'README.md', tokens: 100, kept: 1, lineCount: 10 },
  { path: 'src/app/main.ts', tokens: 300, kept: 0.5, lineCount: 30 },
  { path: 'src/app/util.ts', tokens: 100, kept: 0, lineCount: 5 },
  { path: 'a/b/c/deep.ts', tokens: 50, kept: 0.2 },
];

function child(folder: FolderNode, name: string): MapNode {
  const found = folder.children.find((node) => node.name === name);
  if (found === undefined) throw new Error(`${folder.path} has no ${name}.`);
  return found;
}

describe('the tree of files', () => {
  it('sums tokens, what is remembered, lines and files at every folder', () => {
    const root = fileTree(files);
    expect(root).toMatchObject({ path: '', tokens: 550, held: 260, lines: 45, files: 4 });
    expect(keptShare(root)).toBeCloseTo(260 / 550);
    expect(child(root, 'src/app')).toMatchObject({ tokens: 400, held: 150, files: 2 });
  });

  it('draws a chain of folders as one, and orders by tokens', () => {
    const root = fileTree(files);
    expect(root.children.map(({ name, path }) => [name, path])).toEqual([
      ['src/app', 'src/app'],
      ['README.md', 'README.md'],
      ['a/b/c', 'a/b/c'],
    ]);
  });

  it('marks files that changed or were attended to, and the folders around them', () => {
    const root = fileTree(files, {
      changed: new Set(['src/app/util.ts']),
      attended: new Map([
        ['README.md', 0.5],
        ['src/app/main.ts', 0.25],
      ]),
      pinned: new Set(['src/app/util.ts']),
    });
    expect(child(root, 'src/app')).toMatchObject({ changedFiles: 1, rank: 2 });
    expect(root).toMatchObject({ changedFiles: 1, rank: 1 });
  });

  it('takes any path: odd slashes, names of objects, a file that is a folder, a thousand folders', () => {
    const paths = ['/x', 'a//b', 'a', 'a/c/', '__proto__/constructor', `${'d/'.repeat(5_000)}end`];
    const root = fileTree(paths.map((path) => ({ path, tokens: 1, kept: 1 })));
    expect(root.files).toBe(paths.length);
    const found: string[] = [];
    const visit = (node: MapNode, depth: number): void => {
      expect(depth).toBeLessThan(70);
      if (node.kind === 'file') found.push(node.path);
      else for (const inside of node.children) visit(inside, depth + 1);
    };
    visit(root, 0);
    expect(found.toSorted()).toEqual(paths.toSorted());
  });

  it('is empty without files', () => {
    const root = fileTree([]);
    expect(root).toMatchObject({ tokens: 0, files: 0, children: [] });
    expect(keptShare(root)).toBe(0);
  });
});

describe('the way to a folder', () => {
  it('ends where the folder is gone', () => {
    const root = fileTree([...files, { path: 'src/b.ts', tokens: 1, kept: 0 }]);
    const names = (path: string): string[] => trail(root, path).map((node) => node.path);
    expect(names('src/app')).toEqual(['', 'src', 'src/app']);
    expect(names('src/gone/further')).toEqual(['', 'src']);
    expect(names('srcs')).toEqual(['']);
    expect(names('')).toEqual(['']);
  });
});
