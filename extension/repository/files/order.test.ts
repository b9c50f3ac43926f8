import { describe, expect, it } from 'vitest';
import type { RepositoryFile } from './listing.ts';
import { listedPaths } from './listed-paths.ts';
import { inReadingOrder } from './order.ts';

const one = [{ name: '', path: '/repo' }];
const several = [
  { name: 'web', path: '/repo/web' },
  { name: 'api', path: '/other/api' },
];

function filesOf(paths: readonly string[], pinned: readonly string[] = []): RepositoryFile[] {
  return paths.map((path) => ({
    path,
    absolutePath: `/real/${path}`,
    bytes: 1,
    ...(pinned.includes(path) ? { pinned: true as const } : {}),
  }));
}

function ordered(
  paths: readonly string[],
  how: { roots?: typeof one; pinned?: readonly string[]; near?: readonly string[] } = {},
): string[] {
  const files = filesOf(paths.toReversed(), how.pinned);
  return inReadingOrder(files, how.roots ?? one, how.near).map(({ path }) => path);
}

describe('the order of reading', () => {
  it('is readme, manifests, pins, files that are worked on, and all others by folders', () => {
    const paths = ['README.md', 'package.json', 'lib/pinned.ts', 'z/open.ts', 'b/next.ts'];
    const rest = ['LICENSE', 'a.ts', 'a/deep/x.ts', 'lib/other.ts'];
    const how = { pinned: ['lib/pinned.ts'], near: ['z/open.ts', 'b/next.ts', 'gone.ts'] };
    expect(ordered([...paths, ...rest], how)).toEqual([...paths, ...rest]);
  });

  it('has each file once where several reasons speak for it', () => {
    const how = { pinned: ['README.md', 'a.ts'], near: ['a.ts', 'README.md', 'b.ts', 'b.ts'] };
    const paths = ['README.md', 'a.ts', 'b.ts', 'c.ts'];
    expect(ordered(paths, how)).toEqual(paths);
  });

  it('begins with what is worked on where there is no readme', () => {
    expect(ordered(['b.ts', 'a.ts'], { near: ['b.ts'] })).toEqual(['b.ts', 'a.ts']);
  });

  it('knows readmes and manifests in other cases, several of them', () => {
    const paths = ['ReadMe', 'readme.rst', 'CMakeLists.txt', 'MAKEFILE', 'Cargo.TOML', 'A.ts'];
    expect(ordered(paths).slice(0, 2).sort()).toEqual(['ReadMe', 'readme.rst']);
    expect(ordered(paths).slice(2)).toEqual(['CMakeLists.txt', 'Cargo.TOML', 'MAKEFILE', 'A.ts']);
    expect(ordered(['readmefirst.ts', 'a.ts'])).toEqual(['a.ts', 'readmefirst.ts']);
  });

  it('has those of packages at the head of their folders, and folders stay together', () => {
    const paths = [
      'README.md',
      'package.json',
      'packages/a/README.md',
      'packages/a/package.json',
      'packages/a/index.ts',
      'packages/a/src/x.ts',
      'packages/b/package.json',
      'packages/b/LICENSE',
    ];
    expect(ordered(paths)).toEqual(paths);
  });

  it('explains every root first, and reads root after root then, as they are given', () => {
    const paths = ['web/README.md', 'api/readme.md', 'web/package.json', 'api/go.mod'];
    const rest = ['web/a.ts', 'web/z/b.ts', 'api/a.go'];
    expect(ordered([...paths, ...rest], { roots: several })).toEqual([...paths, ...rest]);
  });

  it('of pinned files does not depend on what is worked on', () => {
    const paths = ['a.ts', 'b.ts', 'c/d.ts', 'e.ts'];
    const pinned = ['b.ts', 'c/d.ts', 'e.ts'];
    const first = ordered(paths, { pinned, near: [] }).filter((path) => pinned.includes(path));
    const next = ordered(paths, { pinned, near: ['e.ts', 'c/d.ts', 'a.ts'] });
    expect(next.filter((path) => pinned.includes(path))).toEqual(first);
  });

  it('is found of 20,000 files, some of them worked on', () => {
    const paths = Array.from(
      { length: 20_000 },
      (_, index) => `p${String(index % 97)}/src/d${String(index % 13)}/file${String(index)}.ts`,
    );
    const near = paths.slice(500, 756);
    const found = ordered(paths, { near });
    expect(found.slice(0, near.length)).toEqual(near);
    expect(new Set(found).size).toBe(paths.length);
  });
});

describe('paths from the editor', () => {
  const listing = (paths: readonly string[], roots = one) => ({ roots, files: filesOf(paths) });

  it('are those of the listing, in their order; others are left out', () => {
    const given = ['/repo/b/c.ts', '/repo/a.ts', '/repo/b/c.ts', '/repo/gone.ts', '/etc/a.ts'];
    const odd = ['a.ts', '/repo/../repo2/a.ts', '/repo', '', '/repository/a.ts', '\0'];
    expect(listedPaths(listing(['a.ts', 'b/c.ts']), [...given, ...odd])).toEqual([
      'b/c.ts',
      'a.ts',
    ]);
  });

  it('find a file in another case or Unicode form, where only one is meant', () => {
    const both = listing(['Main.ts', 'x/é.ts', 'two.ts', 'Two.ts']);
    expect(listedPaths(both, ['/REPO/main.TS', '/repo/x/é.ts', '/repo/TWO.ts'])).toEqual([
      'Main.ts',
      'x/é.ts',
    ]);
    expect(listedPaths(both, ['/repo/Two.ts'])).toEqual(['Two.ts']);
  });

  it('find files in several roots, and by the place that a link leads to', () => {
    const files = listing(['web/a.ts', 'api/a.ts'], several);
    expect(listedPaths(files, ['/other/api/a.ts', '/repo/web/a.ts'])).toEqual([
      'api/a.ts',
      'web/a.ts',
    ]);
    expect(listedPaths(files, ['/real/web/a.ts'])).toEqual(['web/a.ts']);
  });
});
