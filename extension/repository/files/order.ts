import type { RepositoryFile } from './listing.ts';

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

function rank(segments: readonly string[], depth: number): number {
  const name = segments[depth]?.toLowerCase() ?? '';
  if (segments.length !== depth + 1) {
    return 2;
  }
  return /^readme(?:\.|$)/.test(name) ? 0 : manifests.has(name) ? 1 : 2;
}

function compareSegments(a: readonly string[], b: readonly string[]): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const aIsFile = index === a.length - 1;
    const bIsFile = index === b.length - 1;
    if (aIsFile !== bIsFile) {
      return aIsFile ? -1 : 1;
    }
    const order = Buffer.compare(Buffer.from(a[index] ?? ''), Buffer.from(b[index] ?? ''));
    if (order !== 0) {
      return order;
    }
  }
  return a.length - b.length;
}

/**
 * Sorts files into reading order, the same on every machine. The root's readme comes first, then
 * its manifests, because they explain the rest; then folder by folder, the files of a folder before
 * its subfolders, names compared byte by byte in UTF-8.
 * @param depth the number of leading folders that name the root
 */
export function sortFiles(files: readonly RepositoryFile[], depth: number): RepositoryFile[] {
  return files
    .map((file) => {
      const segments = file.path.split('/');
      return { file, segments, rank: rank(segments, depth) };
    })
    .sort((a, b) => a.rank - b.rank || compareSegments(a.segments, b.segments))
    .map(({ file }) => file);
}
