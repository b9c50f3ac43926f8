/** What every file keeps to: its name, its length, and no circle of imports. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../scripts/support/paths.mjs';

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => !/^(?:sample|test\/fixtures|test\/quality\/completions\/code)\//u.test(file));
const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const isTest = (file: string): boolean => /^test\/|\.test\.ts$|^native-kernels\/test\//u.test(file);

it('names TypeScript and scripts in kebab-case', () => {
  const files = tracked.filter((file) => /\.(?:ts|mjs|cjs)$/u.test(file));
  expect(files.length).toBeGreaterThan(400);
  const odd = files.filter((file) => !/^[a-z\d]+(?:[-.][a-z\d]+)*$/u.test(path.basename(file)));
  expect(odd).toEqual([]);
});

it('has no file of the product with more than 300 lines', () => {
  const files = tracked.filter(
    (file) => /\.(?:ts|mjs|cjs|cpp|h|css)$/u.test(file) && !isTest(file),
  );
  const long = files.filter((file) => textOf(file).split('\n').length - 1 > 300);
  expect(long).toEqual([]);
});

it('has no circle of files, types included', () => {
  const files = tracked.filter((file) => /^(?:extension|webview)\/.*\.ts$/u.test(file));
  const imports = new Map(
    files.map((file) => [
      file,
      [...textOf(file).matchAll(/from '(?<path>\.[^']+)'/gu)].map(({ groups }) =>
        path.posix.join(path.posix.dirname(file), groups?.['path'] ?? ''),
      ),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, above: readonly string[]): void => {
    const begun = above.indexOf(file);
    if (begun >= 0) circles.push([...above.slice(begun), file].join(' -> '));
    if (begun >= 0 || done.has(file)) return;
    for (const other of imports.get(file) ?? []) visit(other, [...above, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});
