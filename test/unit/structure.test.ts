/** Rules for every file: its name, its length, and its imports. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { families, mayImport } from '../../scripts/architecture.mjs';
import { root } from '../../scripts/support/paths.mjs';

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter(
    (file) =>
      !/^(?:sample|test\/fixtures|test\/quality\/completions\/code|native-kernels\/test\/third-party)\//u.test(
        file,
      ),
  );
const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const isTest = (file: string): boolean => /^test\/|\.test\.ts$|^native-kernels\/test\//u.test(file);

it('names TypeScript and scripts in kebab-case', () => {
  const files = tracked.filter((file) => /\.(?:ts|mjs|cjs)$/u.test(file));
  expect(files.length).toBeGreaterThan(400);
  const odd = files.filter((file) => !/^[a-z\d]+(?:[-.][a-z\d]+)*$/u.test(path.basename(file)));
  expect(odd).toEqual([]);
});

it('has no file with more than 300 lines', () => {
  const files = tracked.filter((file) => /\.(?:ts|mjs|cjs|cpp|h|css)$/u.test(file));
  const long = files.filter((file) => textOf(file).split('\n').length - 1 > 300);
  expect(long).toEqual([]);
});

/** The project's own files that each file of the extension and the webview imports. */
const imports = new Map(
  tracked
    .filter((file) => /^(?:extension|webview)\/.*\.ts$/u.test(file))
    .map((file) => [
      file,
      [...textOf(file).matchAll(/(?:from|import) '(?<path>\.[^']+\.ts)'/gu)].map(({ groups }) =>
        path.posix.join(path.posix.dirname(file), groups?.['path'] ?? ''),
      ),
    ]),
);

it('lists for each folder exactly the folders that it imports', () => {
  const folders = Object.keys(mayImport).toSorted((a, b) => b.length - a.length);
  const folderOf = (file: string): string =>
    folders.find((folder) => file.startsWith(`${folder}/`)) ?? '';
  const found = new Map(folders.map((folder) => [folder, new Set<string>()]));
  for (const [file, others] of imports) {
    if (isTest(file)) continue;
    for (const other of others) found.get(folderOf(file))?.add(folderOf(other));
  }
  for (const folder of folders) found.get(folder)?.delete(folder);
  /** Merges the folders of a family: each may import what some of them import. */
  const merged = (rows: Iterable<readonly [string, Iterable<string>]>): unknown => {
    const of = new Map<string, Set<string>>();
    for (const [from, to] of rows) {
      const name = Object.entries(families).find(([, members]) => members.includes(from))?.[0];
      of.set(name ?? from, new Set([...(of.get(name ?? from) ?? []), ...to]));
    }
    return Object.fromEntries([...of].map(([from, to]) => [from, [...to].sort()]));
  };
  expect(merged(found)).toEqual(merged(Object.entries(mayImport)));
  for (const [from, to] of found) {
    const listed = mayImport[from] ?? [];
    expect([from, [...to].filter((other) => !listed.includes(other))]).toEqual([from, []]);
  }
});

it('has no circle of files, types included', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, above: readonly string[]): void => {
    const begun = above.indexOf(file);
    if (begun >= 0) circles.push([...above.slice(begun), file].join(' -> '));
    if (begun >= 0 || done.has(file)) return;
    for (const other of imports.get(file) ?? []) visit(other, [...above, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  expect(circles).toEqual([]);
});
