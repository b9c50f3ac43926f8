import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { isWithin } from './is-within.ts';

it.each([
  ['/a/b', '/a/b', true],
  ['/a/b', '/a/b/c/d', true],
  ['/a/b', '/a/b/..c', true],
  ['/', '/a', true],
  ['/a/b', '/a', false],
  ['/a/b', '/a/bc', false],
  ['/a/b', '/c', false],
])('of %s, %s: %s', (folder, path, within) => {
  expect(isWithin(resolve(folder), resolve(path))).toBe(within);
});
