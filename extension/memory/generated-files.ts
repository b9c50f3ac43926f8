const lockFiles = new Set([
  'package-lock.json',
  '.package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'deno.lock',
  'cargo.lock',
  'poetry.lock',
  'pdm.lock',
  'uv.lock',
  'pipfile.lock',
  'composer.lock',
  'gemfile.lock',
  'podfile.lock',
  'pubspec.lock',
  'mix.lock',
  'flake.lock',
  'go.sum',
  'packages.lock.json',
  'gradle.lockfile',
  'package.resolved',
  'cartfile.resolved',
  'conan.lock',
  'pixi.lock',
  'go.work.sum',
  '.terraform.lock.hcl',
]);

const generatedNames =
  /\.min\.[a-z]+$|\.(?:[cm]?js|css|ts)\.map$|\.pb\.(?:go|cc|h)$|_pb2(?:_grpc)?\.pyi?$|\.designer\.cs$/;

/** A line of a comment that says so, near the top: `@generated`, `DO NOT EDIT`. */
const generatedMarker =
  /^[ \t]*(?:\/\/|\/\*|\*|#|--|;|%|<!--|"""|').*(?:@generated\b|\bDO NOT (?:EDIT|MODIFY)\b)/m;
const markerCharacters = 1024;

/** Characters of a line that no person writes. */
export const longestLine = 5_000;

/** Whether a file of this name is written by a tool. */
export function isGeneratedFile(name: string): boolean {
  const lower = name.toLowerCase();
  return lockFiles.has(lower) || generatedNames.test(lower);
}

/** Whether text was written by a tool: it says so near its top, or it has a very long line. */
export function isGeneratedText(text: string): boolean {
  return generatedMarker.test(text.slice(0, markerCharacters)) || hasLongLine(text);
}

function hasLongLine(text: string): boolean {
  let start = 0;
  while (text.length - start > longestLine) {
    const end = text.indexOf('\n', start);
    if (end === -1 || end - start > longestLine) {
      return true;
    }
    start = end + 1;
  }
  return false;
}
