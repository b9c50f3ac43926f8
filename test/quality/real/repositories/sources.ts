/** Selects the files of a package that are human-written source code. */
import { createHash } from 'node:crypto';

/** Files of a repository by path, with slashes. */
export type Files = ReadonlyMap<string, string>;

const code = /\.(?:[cm]?[jt]sx?|py)$/u;

/** Declarations, tests, and folders of generated or third-party files. */
const other =
  /\.d\.[cm]?ts$|[.-]min\.|\.(?:test|spec|test-d|bench)\.|(?:^|\/)(?:__tests__|tests?|test-?(?:setup|utils?|helpers)|spec|benchmarks?|examples?|dist|build|umd|esm|cjs|vendor|vendored|node_modules)\//iu;

const generatedMark =
  /@generated|\bauto-?generated\b|\bgenerated (?:by|from|using)\b|\bdo not (?:edit|modify)\b/iu;

/** Lines that people write are shorter, even tables of types and URLs. */
const longestLine = 600;
const longestMeanLine = 100;

/** Whether a path looks like human-written code. */
export function isSourcePath(path: string): boolean {
  return code.test(path) && !other.test(path);
}

/** Whether a program wrote a text: its top says so, or its lines are too long. */
export function looksGenerated(text: string): boolean {
  if (generatedMark.test(text.slice(0, 600))) return true;
  const lines = text.split('\n');
  return (
    lines.some(({ length }) => length > longestLine) || text.length / lines.length > longestMeanLine
  );
}

/**
 * SHA-256 over the sorted paths and contents of files, in hexadecimal. A length precedes each, so
 * that different sets of files never hash the same bytes.
 */
export function contentHash(files: Files): string {
  const hash = createHash('sha256');
  for (const [path, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${Buffer.byteLength(path)} ${Buffer.byteLength(text)}\n${path}${text}`);
  }
  return hash.digest('hex');
}

/** Estimates the tokens of files at 3.5 characters each. */
export function estimatedTokens(files: Files): number {
  return Math.round([...files.values()].reduce((sum, { length }) => sum + length, 0) / 3.5);
}
