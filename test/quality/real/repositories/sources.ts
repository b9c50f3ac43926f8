/** Which files of a package are source code that people wrote. */
import { createHash } from 'node:crypto';

/** Files of a repository by path, with slashes. */
export type Files = ReadonlyMap<string, string>;

const code = /\.(?:[cm]?[jt]sx?|py)$/u;

/** Declarations, tests, and folders that programs write. */
const other =
  /\.d\.[cm]?ts$|[.-]min\.|\.(?:test|spec|test-d|bench)\.|(?:^|\/)(?:__tests__|tests?|test-?(?:setup|utils?|helpers)|spec|benchmarks?|examples?|dist|build|umd|esm|cjs|vendor|vendored|node_modules)\//iu;

const generatedMark =
  /@generated|\bauto-?generated\b|\bgenerated (?:by|from|using)\b|\bdo not (?:edit|modify)\b/iu;

/** Lines that a person writes are shorter, tables of types and addresses included. */
const longestLine = 600;
const longestMeanLine = 100;

/** Whether a path of a package is code that a person wrote, as its name tells. */
export function isSourcePath(path: string): boolean {
  return code.test(path) && !other.test(path);
}

/** Whether a text was written by a program: it says so at its top, or its lines are too long. */
export function looksGenerated(text: string): boolean {
  if (generatedMark.test(text.slice(0, 600))) return true;
  const lines = text.split('\n');
  return (
    lines.some(({ length }) => length > longestLine) || text.length / lines.length > longestMeanLine
  );
}

/**
 * SHA-256 over the sorted paths and the contents of files, in hexadecimal. Lengths stand before
 * both, so that no two sets of files read alike.
 */
export function contentHash(files: Files): string {
  const hash = createHash('sha256');
  for (const [path, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${Buffer.byteLength(path)} ${Buffer.byteLength(text)}\n${path}${text}`);
  }
  return hash.digest('hex');
}

/** About how many tokens files have, at 3.5 characters each. */
export function estimatedTokens(files: Files): number {
  return Math.round([...files.values()].reduce((sum, { length }) => sum + length, 0) / 3.5);
}
