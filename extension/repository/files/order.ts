/** The one place that decides in which order files are read. */

import type { RepositoryFile } from './listing.ts';
import type { NamedRoot } from './named-root.ts';

const manifests = new Set([
  'package.json',
  'pyproject.toml',
  'setup.py',
  'cargo.toml',
  'go.mod',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'cmakelists.txt',
  'makefile',
  'composer.json',
  'gemfile',
  'mix.exs',
  'pubspec.yaml',
]);

/** What explains the other files of its folder; the smaller the number, the more. */
const explains = { readme: 0, manifest: 1, not: 2 } as const;
/** Behind what explains a root: pinned files, those that are worked on, all others. */
const group = { pinned: 2, near: 3, rest: 4 } as const;

/** A file with what its place depends on. */
interface Placed {
  readonly file: RepositoryFile;
  readonly group: number;
  /** Among the files that are worked on. */
  readonly nearness: number;
  readonly root: number;
  /** In UTF-8. */
  readonly segments: readonly Buffer[];
  readonly explains: number;
}

function explainsOf(path: string): number {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/^readme(?:\.|$)/.test(name)) return explains.readme;
  return manifests.has(name) ? explains.manifest : explains.not;
}

/** Folder by folder: what explains a folder, its other files, its subfolders. */
function compareInTree(a: Placed, b: Placed): number {
  const shared = Math.min(a.segments.length, b.segments.length);
  for (let index = 0; index < shared; index++) {
    const aIsFile = index === a.segments.length - 1;
    const bIsFile = index === b.segments.length - 1;
    if (aIsFile !== bIsFile) return aIsFile ? -1 : 1;
    if (aIsFile && a.explains !== b.explains) return a.explains - b.explains;
    const [left, right] = [a.segments[index], b.segments[index]];
    const order = left && right ? Buffer.compare(left, right) : 0;
    if (order !== 0) return order;
  }
  return a.segments.length - b.segments.length;
}

/**
 * Sorts files into reading order. First come the readmes and then the manifests of the roots, because they
 * explain the rest; then pinned files; then those that are worked on; then all others, root by root and
 * folder by folder, readme and manifests of a folder before its other files and these before its
 * subfolders. Names are compared byte by byte in UTF-8, so the order is the same on every machine. That of
 * pinned files does not depend on what is worked on.
 * @param roots the folders that the paths lie in, as a listing names them
 * @param near paths of files that are worked on, the first before the others; others than `files` do not matter
 */
export function inReadingOrder(
  files: readonly RepositoryFile[],
  roots: readonly Pick<NamedRoot, 'name'>[],
  near: readonly string[] = [],
): RepositoryFile[] {
  const depth = roots.length > 1 ? 1 : 0;
  const rootOf = new Map(roots.map(({ name }, index) => [name, index]));
  const nearness = new Map([...new Set(near)].map((path, index) => [path, index]));
  return files
    .map((file): Placed => {
      const names = file.path.split('/');
      const explaining = explainsOf(file.path);
      const isRoots = names.length === depth + 1 && explaining !== explains.not;
      const place = nearness.get(file.path);
      const others = place === undefined ? group.rest : group.near;
      return {
        file,
        group: isRoots ? explaining : file.pinned === true ? group.pinned : others,
        nearness: place ?? 0,
        root: depth === 0 ? 0 : (rootOf.get(names[0] ?? '') ?? 0),
        segments: names.map((name) => Buffer.from(name)),
        explains: explaining,
      };
    })
    .sort(
      (a, b) =>
        a.group - b.group ||
        (a.group === group.near ? a.nearness - b.nearness : 0) ||
        a.root - b.root ||
        compareInTree(a, b),
    )
    .map(({ file }) => file);
}
